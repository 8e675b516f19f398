/// @file
/// deft::shared_view: elements kept alive by whoever looks at them.
#pragma once

#include <concepts>
#include <cstddef>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/core/shared_buffer.hpp"
#include "deft/view/bulk.hpp"
#include "deft/view/cast_view.hpp"
#include "deft/view/view.hpp"

namespace deft {

/// Elements of type `const T` with a shared owner: a container moved in, memory with a deleter, or a mapped
/// file. Copies and slices share it, at the price of counting; the last one frees it. For parts of buffers
/// that outlive the code that cut them out: messages, columns, files.
///
/// Nobody writes while others look: `try_unshare()` gives a view for writing if this handle is the only one,
/// `unshare()` makes it the only one by copying, `try_take<Container>()` takes the container back.
///
/// Slices are cheaper than copies from some dozen bytes on. Where the owner is known to outlive the part,
/// view<T> is cheaper still.
///
/// Memory: three words. Threads: as std::shared_ptr: different handles may be copied and dropped by different
/// threads.
template <typename T>
class shared_view {
  static_assert(
      std::is_object_v<T> && !std::is_const_v<T> && !std::is_volatile_v<T>,
      "deft::shared_view<T>: T is the type of an object, without const: shared elements are const anyway");

 public:
  using element_type = const T;
  using value_type = T;
  using size_type = std::size_t;
  using difference_type = std::ptrdiff_t;
  using pointer = const T*;
  using reference = const T&;
  using iterator = const T*;

  /// No elements, no owner.
  /// @complexity  O(1). @concurrency Safe.
  shared_view() noexcept = default;

  /// Keeps a container that is moved in: `shared_view(std::move(numbers))`, `shared_view<char>(make_text())`.
  /// @throws      std::bad_alloc; what moving the container throws.
  /// @guarantee   Strong.
  /// @complexity  O(1): the container is moved, not its elements (a std::array's are). @concurrency Exclusive
  /// access to `owner`.
  template <std::ranges::contiguous_range Owner>
    requires std::ranges::sized_range<Owner> && detail::temporary_owner<Owner> &&
             (!detail::is_shared_view<std::remove_cvref_t<Owner>>) &&
             (!std::is_const_v<std::remove_reference_t<Owner>>) &&
             std::same_as<std::ranges::range_value_t<Owner>, T>
  DEFT_TAGGED explicit shared_view(Owner&& owner) : buffer_(kept(std::forward<Owner>(owner))) {}

  /// Not of a container that stays somebody else's.
  template <std::ranges::contiguous_range Owner,
            typename Mistake = detail::a_shared_view_owns_its_container_move_it_in>
    requires detail::owns_elements<Owner> && (!detail::is_shared_view<std::remove_const_t<Owner>>) &&
                 std::same_as<std::ranges::range_value_t<Owner>, T>
  explicit shared_view(Owner&) = delete;

  /// Elements of a custom owner: anything that keeps `elements` alive and can be moved, such as a
  /// std::shared_ptr or an object that unmaps memory.
  /// @throws      std::bad_alloc; what moving the owner throws.
  /// @pre         `elements` stay where they are when the owner is moved.
  /// @complexity  O(1). @concurrency Exclusive access to `owner`.
  template <std::move_constructible Owner>
  DEFT_TAGGED shared_view(view<const T> elements, Owner owner)
      : buffer_(shared_buffer::adopt(raw<const std::byte>(elements.data(), elements.size()),
                                     release_by_dying<Owner>{std::move(owner)})) {}

  /// The same for elements that may be written by a handle that is the only one.
  /// @throws      std::bad_alloc; what moving the owner throws.
  /// @pre         `elements` stay where they are when the owner is moved.
  /// @complexity  O(1). @concurrency Exclusive access to `owner`.
  template <std::move_constructible Owner>
  DEFT_TAGGED shared_view(view<T> elements, Owner owner)
      : buffer_(shared_buffer::adopt(raw<std::byte>(elements.data(), elements.size()),
                                     release_by_dying<Owner>{std::move(owner)})) {}

  /// The bytes of a buffer as elements.
  /// @throws      std::invalid_argument if size or alignment do not fit.
  /// @complexity  O(1). @concurrency Safe.
  DEFT_TAGGED explicit shared_view(shared_buffer buffer)
    requires any_bytes_valid<T>
      : buffer_(std::move(buffer)) {
    static_cast<void>(cast_view<const T>(view<const std::byte>(buffer_.bytes())));
  }

  /// A copy of elements, kept by itself.
  /// @returns     The only handle to it.
  /// @throws      std::bad_alloc; what copying throws.
  /// @complexity  O(size). @concurrency Reads the elements.
  [[nodiscard]] DEFT_TAGGED static shared_view copy_of(view<const T> elements) {
    return shared_view(elements.tolist());
  }

  /// Address, number of elements, handles that share the owner.
  /// @returns     What the name says; use_count() is a hint while other threads hold handles.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED const T* data() const noexcept {
    return reinterpret_cast<const T*>(buffer_.data());
  }

  [[nodiscard]] DEFT_TAGGED std::size_t size() const noexcept { return buffer_.size() / sizeof(T); }

  [[nodiscard]] DEFT_TAGGED std::size_t size_bytes() const noexcept { return buffer_.size(); }

  [[nodiscard]] DEFT_TAGGED bool empty() const noexcept { return buffer_.empty(); }

  [[nodiscard]] DEFT_TAGGED std::size_t use_count() const noexcept { return buffer_.use_count(); }

  [[nodiscard]] DEFT_TAGGED const shared_buffer& buffer() const noexcept { return buffer_; }

  /// @}

  /// Iterators are pointers.
  /// @returns     The position.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED iterator begin() const noexcept { return data(); }

  [[nodiscard]] DEFT_TAGGED iterator end() const noexcept { return data() + size(); }

  /// @}

  /// Element i; `at` takes Python's positions.
  /// @returns     A reference to it.
  /// @pre         `[i]`: i < size(), else traps.
  /// @throws      `at`: std::out_of_range outside.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED const T& operator[](std::size_t i) const noexcept {
    DEFT_PRECONDITION(i < size(), "shared_view: [i] is outside");
    return data()[i];
  }

  [[nodiscard]] DEFT_TAGGED const T& at(std::ptrdiff_t i) const {
    return data()[detail::position_in(i, size(), "shared_view: at(i) is outside")];
  }

  /// @}

  /// Python's `v[start:stop]`, which shares the owner.
  /// @returns     The part.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED shared_view slice(slice_bound start, slice_bound stop = {}) const noexcept {
    const detail::resolved_slice part = detail::resolve(start, stop, size());
    return shared_view(trusted(), buffer_.slice(part.first * sizeof(T), part.count * sizeof(T)));
  }

  /// `count` elements from `first` on, which share the owner.
  /// @returns     The part.
  /// @pre         They lie inside, else traps.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED shared_view subview(std::size_t first, std::size_t count) const noexcept {
    DEFT_PRECONDITION(first <= size() && count <= size() - first,
                      "shared_view: subview(first, count) reaches outside");
    return shared_view(trusted(), buffer_.slice(first * sizeof(T), count * sizeof(T)));
  }

  /// The elements without the owner: valid as long as some handle is. Not of a temporary.
  /// @returns     The view; with a step the strided one.
  /// @pre         step is not 0, else traps.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED view<const T> borrowed() const& noexcept DEFT_LIFETIMEBOUND {
    return {data(), size()};
  }

  auto borrowed() const&& -> detail::a_part_of_a_temporary_shared_view_would_dangle_keep_it_in_a_variable =
      delete;

  [[nodiscard]] DEFT_TAGGED strided_view<const T> slice(
      slice_bound start, slice_bound stop, std::ptrdiff_t step) const& noexcept DEFT_LIFETIMEBOUND {
    return borrowed().slice(start, stop, step);
  }

  auto slice(slice_bound start, slice_bound stop, std::ptrdiff_t step)
      const&& -> detail::a_part_of_a_temporary_shared_view_would_dangle_keep_it_in_a_variable = delete;

  /// @}

  /// The elements for writing, if no other handle shares the owner and they may be written.
  /// @returns     The view, or nothing.
  /// @complexity  O(1). @concurrency Exclusive access to *this.
  [[nodiscard]] DEFT_TAGGED std::optional<view<T>> try_unshare() noexcept {
    const auto bytes = buffer_.try_writable_bytes();
    if (!bytes) return std::nullopt;
    return view<T>(reinterpret_cast<T*>(bytes->data()), size());
  }

  /// The elements for writing, copied if another handle shares them: the others keep what they see.
  /// @returns     The view.
  /// @throws      std::bad_alloc; what copying throws.
  /// @guarantee   Strong.
  /// @complexity  O(1) or O(size). @concurrency Exclusive access to *this.
  DEFT_TAGGED view<T> unshare() {
    if (!try_unshare()) *this = copy_of({data(), size()});
    return *try_unshare();
  }

  /// The container that was moved in, if no other handle shares it, this handle shows all of it, and it was a
  /// Container of trivially copyable elements. *this is empty afterwards.
  /// @returns     The container, or nothing: then nothing has changed.
  /// @throws      What moving the container throws.
  /// @complexity  O(1). @concurrency Exclusive access to *this.
  template <typename Container>
  [[nodiscard]] DEFT_TAGGED std::optional<Container> try_take() {
    auto* const owner = buffer_.template try_owner<Container>();
    if (owner == nullptr || std::ranges::size(*owner) != size()) return std::nullopt;
    std::optional<Container> taken(std::move(*owner));
    buffer_ = shared_buffer();
    return taken;
  }

  /// A copy of the elements, of their bytes, and these as hexadecimal digits; see view.
  /// @returns     What the name says.
  /// @throws      std::bad_alloc; what copying throws.
  /// @complexity  O(size). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED std::vector<T> tolist() const { return borrowed().tolist(); }

  [[nodiscard]] DEFT_TAGGED std::vector<std::byte> tobytes() const
    requires std::is_trivially_copyable_v<T>
  {
    return borrowed().tobytes();
  }

  [[nodiscard]] DEFT_TAGGED std::string hex(std::string_view separator = {}, std::ptrdiff_t group = 1) const
    requires std::is_trivially_copyable_v<T>
  {
    return borrowed().hex(separator, group);
  }

  /// @}

  /// Whether the elements are equal.
  /// @returns     What the name says.
  /// @throws      What the elements' == throws.
  /// @complexity  O(size). @concurrency Reads both.
  [[nodiscard]] DEFT_TAGGED friend bool operator==(const shared_view& a, const shared_view& b)
    requires std::equality_comparable<T>
  {
    return deft::equal(a.borrowed(), b.borrowed());
  }

 private:
  struct trusted {};

  template <typename Owner>
  struct release_by_dying {
    Owner owner;

    template <typename Byte>
    DEFT_TAGGED void operator()(Byte* /*data*/, std::size_t /*size*/) noexcept {}
  };

  DEFT_TAGGED shared_view(trusted, shared_buffer&& buffer) noexcept : buffer_(std::move(buffer)) {}

  template <typename Byte, typename Element>
  DEFT_TAGGED static std::span<Byte> raw(Element* data, std::size_t size) noexcept {
    return {reinterpret_cast<Byte*>(data), size * sizeof(T)};
  }

  template <typename Owner>
  DEFT_TAGGED static shared_buffer kept(Owner&& owner) {
    if constexpr (std::is_trivially_copyable_v<T>) {
      return shared_buffer::own(std::forward<Owner>(owner));
    } else {
      // Elements must not move after their address was taken.
      auto held = std::make_unique<std::remove_cvref_t<Owner>>(std::forward<Owner>(owner));
      const auto bytes = raw<std::byte>(std::ranges::data(*held), std::ranges::size(*held));
      return shared_buffer::adopt(bytes, release_by_dying<decltype(held)>{std::move(held)});
    }
  }

  shared_buffer buffer_;
};

template <std::ranges::contiguous_range Owner>
shared_view(Owner&&) -> shared_view<std::ranges::range_value_t<Owner>>;

inline namespace DEFT_TAG {

/// The same bytes as elements of another type; both handles share them. cast_view of views says what may be
/// cast to what.
/// @returns     The handle.
/// @throws      std::invalid_argument if size or alignment do not fit.
/// @complexity  O(1). @concurrency Concurrent reads.
template <typename To, typename From>
[[nodiscard]] shared_view<To> cast_view(const shared_view<From>& from) {
  detail::check_cast_types<const To, const From>();
  return shared_view<To>(from.buffer());
}

/// The elements of one handle and of a view, or of a container.
/// @returns     Whether they are equal.
/// @throws      What the elements' == throws.
/// @complexity  O(size). @concurrency Reads both.
template <typename T, detail::linear_view B>
[[nodiscard]] bool operator==(const shared_view<T>& a, const B& b) {
  return deft::equal(a.borrowed(), b);
}

}  // namespace DEFT_TAG

}  // namespace deft
