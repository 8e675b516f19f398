// Which calls compile, and what they return.
#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include <gtest/gtest.h>

#include "deft/memo.hpp"

namespace {

template <typename Signature>
using memoized_pointer = decltype(deft::memoize(std::declval<Signature*>()));

using area_type = memoized_pointer<double(const std::string&, int)>;
static_assert(std::is_invocable_r_v<double, area_type, std::string, int>);
static_assert(std::is_invocable_r_v<double, const area_type&, const char*, int>);
static_assert(std::is_invocable_r_v<double, area_type, std::string_view, short>);
static_assert(!std::is_invocable_v<area_type, std::string>);
static_assert(!std::is_invocable_v<area_type, std::string, int, int>);
static_assert(!std::is_invocable_v<area_type, int, int>);
static_assert(!std::is_invocable_v<area_type, std::string, std::string>);
static_assert(std::same_as<area_type::key_type, std::tuple<std::string, int>>);
static_assert(std::same_as<area_type::mapped_type, double>);
static_assert(std::same_as<area_type::signature, double(const std::string&, int)>);
static_assert(std::is_nothrow_copy_constructible_v<area_type> &&
              std::is_nothrow_move_constructible_v<area_type>);
static_assert(std::is_nothrow_copy_assignable_v<area_type>);

using made_type = memoized_pointer<std::unique_ptr<int>(int)>;
static_assert(!std::is_invocable_v<made_type, int>);
static_assert(requires(const made_type& f) {
  { f.pin(1) } -> std::same_as<deft::handle<std::unique_ptr<int>>>;
});

using done_type = memoized_pointer<void(int)>;
static_assert(std::is_void_v<std::invoke_result_t<done_type, int>>);

template <typename F, typename... How>
concept can_name = requires(F f) { deft::memoize<How...>(f); };
static_assert(can_name<double (*)(const std::string&, int)>);
static_assert(can_name<double (*)(const std::string&, int), deft::policy::lru>);
static_assert(!can_name<double (*)(const std::string&, int), int>);
static_assert(!can_name<double (*)(const std::string&, int), deft::policy::lru, deft::policy::clock>);
static_assert(!can_name<double (*)(const std::string&, int), void(int), double(const std::string&, int)>);

TEST(MemoizeStatic, Compiles) {}

}  // namespace
