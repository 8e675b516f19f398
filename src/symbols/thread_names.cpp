#include "symbols/thread_names.hpp"

namespace deft::symbols {
namespace {

std::uint64_t key(std::uint32_t pid, std::uint32_t tid) noexcept {
  return std::uint64_t{pid} << 32 | tid;
}

}  // namespace

void thread_names::apply(const recording& part) {
  auto name = part.thread_names.begin();
  const auto take_names_before = [&](std::uint64_t time_ns) {
    for (; name != part.thread_names.end() && name->time_ns < time_ns; ++name)
      names_.insert_or_assign(key(name->pid, name->tid), name->name);
  };
  for (const mapping_event& event : part.mappings) {
    if (event.what != mapping_event::kind::fork) continue;
    take_names_before(event.time_ns);
    if (const std::string* inherited = find(event.parent_pid, event.parent_pid))
      names_.insert_or_assign(key(event.pid, event.pid), std::string(*inherited));
  }
  take_names_before(~std::uint64_t{0});
  for (; name != part.thread_names.end(); ++name)
    names_.insert_or_assign(key(name->pid, name->tid), name->name);
}

const std::string* thread_names::find(std::uint32_t pid, std::uint32_t tid) const {
  const auto found = names_.find(key(pid, tid));
  return found == names_.end() ? nullptr : &found->second;
}

profiled_thread thread_names::describe(std::uint32_t pid, std::uint32_t tid) const {
  profiled_thread thread{.pid = pid, .tid = tid, .name = "", .process = ""};
  if (const std::string* process = find(pid, pid)) thread.name = thread.process = *process;
  if (const std::string* own = find(pid, tid)) thread.name = *own;
  return thread;
}

}  // namespace deft::symbols
