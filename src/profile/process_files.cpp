#include "profile/process_files.hpp"

#include <charconv>
#include <cstdio>
#include <string_view>

#include <fcntl.h>
#include <unistd.h>

#include "profile/perf_events.hpp"

namespace deft::profile {
namespace {

// support::read_file asks for sizes and keeps streams: too slow for what is read hundreds of times a second.
std::string read_whole(const std::string& path) {
  const descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string text;
  if (!file) return text;
  char buffer[4096];
  for (ssize_t got = 0; (got = ::read(file.get(), buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(got));
  }
  return text;
}

std::string task_file(pid_t pid, pid_t tid, const char* name) {
  return "/proc/" + std::to_string(pid) + "/task/" + std::to_string(tid) + "/" + name;
}

template <class Number>
bool read_number(std::string_view& text, Number& value, int base = 10) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  if (base == 16 && text.starts_with("0x")) text.remove_prefix(2);
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (parsed.ec != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(parsed.ptr - text.data()));
  return true;
}

// "55d0c2a00000-55d0c2a21000 r-xp 00001000 fe:01 1234    /usr/bin/program"
std::optional<symbols::mapping_event> parse_mapping(std::string_view line) {
  symbols::mapping_event mapping;
  std::uint64_t end = 0;
  if (!read_number(line, mapping.start, 16) || !line.starts_with('-')) return std::nullopt;
  line.remove_prefix(1);
  if (!read_number(line, end, 16) || line.size() < 6 || line[3] != 'x' || end <= mapping.start)
    return std::nullopt;
  line.remove_prefix(6);
  if (!read_number(line, mapping.file_offset, 16)) return std::nullopt;
  mapping.size_bytes = end - mapping.start;
  const std::size_t path = line.find_first_of("/[");
  mapping.path = path == std::string_view::npos ? "//anon" : std::string(line.substr(path));
  return mapping;
}

std::optional<pid_t> field(std::string_view status, std::string_view name) {
  const std::size_t at = status.find(name);
  if (at == std::string_view::npos) return std::nullopt;
  status.remove_prefix(at + name.size());
  while (status.starts_with('\t')) status.remove_prefix(1);
  pid_t value = 0;
  if (!read_number(status, value)) return std::nullopt;
  return value;
}

}  // namespace

std::vector<symbols::mapping_event> executable_mappings(pid_t pid) {
  const std::string text = read_whole("/proc/" + std::to_string(pid) + "/maps");
  std::vector<symbols::mapping_event> mappings;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (auto mapping = parse_mapping(std::string_view(text).substr(begin, end - begin))) {
      mapping->pid = static_cast<std::uint32_t>(pid);
      mappings.push_back(std::move(*mapping));
    }
    begin = end + 1;
  }
  return mappings;
}

std::optional<task_identity> identity_of(pid_t tid) {
  const std::string status = read_whole("/proc/" + std::to_string(tid) + "/status");
  const auto pid = field(status, "\nTgid:");
  const auto parent = field(status, "\nPPid:");
  if (!pid || !parent) return std::nullopt;
  return task_identity{*pid, *parent};
}

std::string name_of(pid_t pid, pid_t tid) {
  std::string name = read_whole(task_file(pid, tid, "comm"));
  if (name.ends_with('\n')) name.pop_back();
  return name;
}

std::optional<thread_activity> activity_of(pid_t pid, pid_t tid) {
  const std::string status = read_whole(task_file(pid, tid, "stat"));
  // "12 (name) R ...": a name may hold anything, even ") R".
  const std::size_t name_end = status.rfind(')');
  if (name_end == std::string::npos || name_end + 2 >= status.size()) return std::nullopt;
  thread_activity activity;
  activity.state = status[name_end + 2];
  const std::string times = read_whole(task_file(pid, tid, "schedstat"));
  std::string_view rest = times;
  if (!read_number(rest, activity.running_ns)) {  // a kernel without statistics: in its clock ticks
    rest = std::string_view(status).substr(name_end + 2);
    for (int skipped = 0; skipped < 11 && rest.find(' ') != std::string_view::npos; ++skipped) {
      rest.remove_prefix(rest.find(' ') + 1);
    }
    std::uint64_t user = 0;
    std::uint64_t system = 0;
    if (!read_number(rest, user) || !read_number(rest, system)) return std::nullopt;
    activity.running_ns =
        (user + system) * (1'000'000'000U / static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK)));
  }
  return activity;
}

std::optional<blocking_call> blocking_call_of(pid_t pid, pid_t tid) {
  blocking_call call;
  call.text = read_whole(task_file(pid, tid, "syscall"));
  // "202 0x7f.. (six arguments) stack-pointer program-counter", "-1 stack-pointer program-counter", "running"
  std::string_view rest = call.text;
  if (!read_number(rest, call.number)) return std::nullopt;
  const std::size_t last = rest.rfind(" 0x");
  if (last == std::string_view::npos || last == 0) return std::nullopt;
  const std::size_t before = rest.rfind(" 0x", last - 1);
  if (before == std::string_view::npos) return std::nullopt;
  std::string_view stack = rest.substr(before);
  std::string_view code = rest.substr(last);
  if (!read_number(stack, call.stack_pointer, 16) || !read_number(code, call.program_counter, 16))
    return std::nullopt;
  return call;
}

}  // namespace deft::profile
