#include "profile/agent/executable_mappings.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

namespace deft::profile::agent {
namespace {

/// Goes through the fields of a line.
class field_reader {
 public:
  explicit field_reader(std::span<const char> line) : rest_(line) {}

  bool hexadecimal(std::uint64_t& number) {
    number = 0;
    std::size_t digits = 0;
    for (; digits < rest_.size(); ++digits) {
      const char c = rest_[digits];
      unsigned value = 0;
      if (c >= '0' && c <= '9') {
        value = static_cast<unsigned>(c - '0');
      } else if (c >= 'a' && c <= 'f') {
        value = static_cast<unsigned>(c - 'a') + 10;
      } else {
        break;
      }
      number = number << 4 | value;
    }
    rest_ = rest_.subspan(digits);
    return digits != 0 && digits <= 16;
  }

  bool skip(char expected) {
    if (rest_.empty() || rest_.front() != expected) return false;
    rest_ = rest_.subspan(1);
    return true;
  }

  std::span<const char> word() {
    std::size_t length = 0;
    while (length < rest_.size() && rest_[length] != ' ') ++length;
    const auto found = rest_.first(length);
    rest_ = rest_.subspan(length);
    return found;
  }

  void skip_spaces() {
    while (skip(' ')) {
    }
  }

  std::span<const char> rest() const { return rest_; }

 private:
  std::span<const char> rest_;
};

}  // namespace

bool parse_mapping(std::span<const char> line, executable_mapping& mapping, bool& executable) noexcept {
  field_reader fields(line);
  if (!fields.hexadecimal(mapping.start) || !fields.skip('-') || !fields.hexadecimal(mapping.end) ||
      !fields.skip(' ')) {
    return false;
  }
  const auto permissions = fields.word();
  if (permissions.size() < 4 || !fields.skip(' ') || !fields.hexadecimal(mapping.file_offset) ||
      !fields.skip(' ')) {
    return false;
  }
  executable = permissions[2] == 'x';
  fields.word();  // device
  fields.skip_spaces();
  fields.word();  // inode
  fields.skip_spaces();
  mapping.path = fields.rest();
  return mapping.start < mapping.end;
}

bool visit_executable_mappings(std::uint64_t from, std::uint64_t to, std::span<char> buffer,
                               const mapping_visitor& visitor) noexcept {
  const int file = ::open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  std::size_t kept = 0;
  bool skipping = false;  // the rest of a line that did not fit
  bool below_end = true;
  while (below_end) {
    const ssize_t got = ::read(file, buffer.data() + kept, buffer.size() - kept);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    kept += static_cast<std::size_t>(got);
    std::size_t begin = 0;
    while (const void* newline = std::memchr(buffer.data() + begin, '\n', kept - begin)) {
      const auto end = static_cast<std::size_t>(static_cast<const char*>(newline) - buffer.data());
      executable_mapping mapping;
      bool executable = false;
      if (!skipping && parse_mapping(buffer.subspan(begin, end - begin), mapping, executable)) {
        if (mapping.start >= to) below_end = false;
        if (executable && mapping.start < to && mapping.end > from) visitor.visit(visitor.context, mapping);
      }
      skipping = false;
      begin = end + 1;
    }
    kept -= begin;
    std::memmove(buffer.data(), buffer.data() + begin, kept);
    if (kept == buffer.size()) {
      skipping = true;
      kept = 0;
    }
  }
  ::close(file);
  return true;
}

}  // namespace deft::profile::agent
