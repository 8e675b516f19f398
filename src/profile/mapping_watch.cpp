#include "profile/mapping_watch.hpp"

#include <algorithm>
#include <utility>

#include "profile/process_files.hpp"

namespace deft::profile {
namespace {

constexpr std::uint64_t shortest_interval_ns = 4'000'000;
constexpr std::uint64_t longest_interval_ns = 250'000'000;

symbols::mapping_event event_of(symbols::mapping_event::kind what, pid_t pid, std::uint64_t now_ns) {
  symbols::mapping_event event;
  event.what = what;
  event.pid = static_cast<std::uint32_t>(pid);
  event.time_ns = now_ns;
  return event;
}

}  // namespace

void mapping_watch::forked(pid_t pid, pid_t parent, std::uint64_t now_ns) {
  process& child = processes_[pid];
  if (const auto from = processes_.find(parent); from != processes_.end()) child.known = from->second.known;
  child.last_look_ns = now_ns;
  child.interval_ns = shortest_interval_ns;
  symbols::mapping_event event = event_of(symbols::mapping_event::kind::fork, pid, now_ns);
  event.parent_pid = static_cast<std::uint32_t>(parent);
  out_.mappings.push_back(std::move(event));
}

void mapping_watch::replaced(pid_t pid, std::uint64_t now_ns) {
  processes_[pid] = {.known = {}, .last_look_ns = now_ns, .interval_ns = shortest_interval_ns};
  out_.mappings.push_back(event_of(symbols::mapping_event::kind::exec, pid, now_ns));
  look(pid, now_ns);
}

void mapping_watch::look(pid_t pid, std::uint64_t now_ns) {
  process& seen = processes_[pid];
  bool news = false;
  for (symbols::mapping_event& mapping : executable_mappings(pid)) {
    content what{mapping.size_bytes, mapping.file_offset, mapping.path};
    const auto known = seen.known.find(mapping.start);
    if (known != seen.known.end() && known->second == what) continue;
    seen.known.insert_or_assign(mapping.start, std::move(what));
    mapping.time_ns = seen.last_look_ns + 1;
    out_.mappings.push_back(std::move(mapping));
    news = true;
  }
  seen.last_look_ns = now_ns;
  seen.interval_ns = news ? shortest_interval_ns : std::min(2 * seen.interval_ns, longest_interval_ns);
}

void mapping_watch::look_where_due(pid_t pid, std::uint64_t now_ns) {
  const process& seen = processes_[pid];
  if (now_ns - seen.last_look_ns >= seen.interval_ns) look(pid, now_ns);
}

void mapping_watch::look_at_all(std::uint64_t now_ns) {
  for (const auto& [pid, seen] : processes_) look(pid, now_ns);
}

}  // namespace deft::profile
