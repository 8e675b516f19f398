#include "formats/profile_builder.hpp"

#include <tuple>
#include <utility>

#include "formats/weight.hpp"

namespace deft::formats {

bool profile_builder::frame_less::operator()(const symbols::frame& a, const symbols::frame& b) const {
  const auto content = [](const symbols::frame& f) {
    return std::tie(f.function, f.module, f.file, f.line, f.inlined);
  };
  return content(a) < content(b);
}

bool profile_builder::thread_less::operator()(const symbols::profiled_thread& a,
                                              const symbols::profiled_thread& b) const {
  const auto content = [](const symbols::profiled_thread& t) {
    return std::tie(t.pid, t.tid, t.name, t.process);
  };
  return content(a) < content(b);
}

bool profile_builder::stack_less::operator()(const symbols::folded_stack& a,
                                             const symbols::folded_stack& b) const {
  return std::tie(a.thread, a.frames) < std::tie(b.thread, b.frames);
}

/// The number of an element equal to this one, which is added if there is none.
template <class T, class Less>
std::uint32_t profile_builder::number_in(std::vector<T>& elements,
                                         std::set<std::uint32_t, by_content<T, Less>>& order, T&& element) {
  elements.push_back(std::forward<T>(element));
  const auto [found, is_new] = order.insert(static_cast<std::uint32_t>(elements.size() - 1));
  if (!is_new) elements.pop_back();
  return *found;
}

std::uint32_t profile_builder::number_of(symbols::frame frame) {
  return number_in(profile_.frames, frames_, std::move(frame));
}

std::uint32_t profile_builder::number_of(symbols::profiled_thread thread) {
  return number_in(profile_.threads, threads_, std::move(thread));
}

bool profile_builder::add(symbols::folded_stack stack) {
  const std::uint64_t count = std::exchange(stack.count, 0);
  const std::uint64_t value = std::exchange(stack.value, 0);
  if (count > largest_number - profile_.samples || value > largest_number - values_) return false;
  profile_.samples += count;
  values_ += value;
  symbols::folded_stack& sum = profile_.stacks[number_in(profile_.stacks, stacks_, std::move(stack))];
  sum.count += count;
  sum.value += value;
  return true;
}

symbols::stack_profile profile_builder::finish() {
  return std::exchange(profile_, {});
}

}  // namespace deft::formats
