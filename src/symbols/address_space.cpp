#include "symbols/address_space.hpp"

#include <iterator>

namespace deft::symbols {

void address_space::map(std::uint64_t start, mapped_range range) {
  if (range.size_bytes == 0 || start + range.size_bytes < start) return;
  const std::uint64_t end = start + range.size_bytes;
  auto at = ranges_.lower_bound(start);
  if (at != ranges_.begin()) {
    const auto before = std::prev(at);
    const std::uint64_t before_end = before->first + before->second.size_bytes;
    if (before_end > end) {  // the new one lies inside: what is behind it stays
      mapped_range rest = before->second;
      rest.file_offset += end - before->first;
      rest.size_bytes = before_end - end;
      ranges_.emplace(end, rest);
    }
    if (before_end > start) before->second.size_bytes = start - before->first;
  }
  while (at != ranges_.end() && at->first < end) {
    const std::uint64_t at_end = at->first + at->second.size_bytes;
    if (at_end > end) {
      mapped_range rest = at->second;
      rest.file_offset += end - at->first;
      rest.size_bytes = at_end - end;
      ranges_.emplace(end, rest);
    }
    at = ranges_.erase(at);
  }
  ranges_.insert_or_assign(start, range);
}

const mapped_range* address_space::find_before(std::uint64_t address, std::uint64_t& start) const {
  const auto after = ranges_.upper_bound(address);
  if (after == ranges_.begin()) return nullptr;
  start = std::prev(after)->first;
  return &std::prev(after)->second;
}

const mapped_range* address_space::find_after(std::uint64_t address, std::uint64_t& start) const {
  const auto after = ranges_.upper_bound(address);
  if (after == ranges_.end()) return nullptr;
  start = after->first;
  return &after->second;
}

const mapped_range* address_space::find(std::uint64_t address, std::uint64_t& start) const {
  const mapped_range* found = find_before(address, start);
  return found != nullptr && address - start < found->size_bytes ? found : nullptr;
}

}  // namespace deft::symbols
