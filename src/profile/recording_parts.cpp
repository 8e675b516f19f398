#include "profile/recording_parts.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

namespace deft::profile {
namespace {

template <class Event>
void move_all(std::vector<Event>& to, std::vector<Event>& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

template <class Event>
std::vector<Event> take_until(std::vector<Event>& all, std::uint64_t time_ns) {
  std::stable_sort(all.begin(), all.end(),
                   [](const Event& a, const Event& b) { return a.time_ns < b.time_ns; });
  const auto end =
      std::upper_bound(all.begin(), all.end(), time_ns,
                       [](std::uint64_t time, const Event& event) { return time < event.time_ns; });
  std::vector<Event> taken(std::make_move_iterator(all.begin()), std::make_move_iterator(end));
  all.erase(all.begin(), end);
  return taken;
}

}  // namespace

void append(symbols::recording& all, symbols::recording more) {
  move_all(all.thread_names, more.thread_names);
  move_all(all.mappings, more.mappings);
  move_all(all.samples, more.samples);
  move_all(all.marks, more.marks);
  all.lost += more.lost;
}

symbols::recording take_until(symbols::recording& all, std::uint64_t time_ns) {
  symbols::recording taken;
  taken.thread_names = take_until(all.thread_names, time_ns);
  taken.mappings = take_until(all.mappings, time_ns);
  taken.samples = take_until(all.samples, time_ns);
  taken.marks = take_until(all.marks, time_ns);
  taken.lost = std::exchange(all.lost, 0);
  return taken;
}

std::size_t sample_bytes(const symbols::recording& part) {
  std::size_t bytes = part.samples.size() * sizeof(symbols::stack_sample);
  for (const symbols::stack_sample& sample : part.samples) {
    bytes += sample.stack.size() +
             (sample.addresses.size() + sample.kernel_addresses.size()) * sizeof(std::uint64_t);
  }
  return bytes;
}

}  // namespace deft::profile
