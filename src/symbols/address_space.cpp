#include "symbols/address_space.hpp"

#include <iterator>
#include <utility>

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
      ranges_.emplace(end, std::move(rest));
    }
    if (before_end > start) before->second.size_bytes = start - before->first;
  }
  while (at != ranges_.end() && at->first < end) {
    const std::uint64_t at_end = at->first + at->second.size_bytes;
    if (at_end > end) {
      mapped_range rest = at->second;
      rest.file_offset += end - at->first;
      rest.size_bytes = at_end - end;
      ranges_.emplace(end, std::move(rest));
    }
    at = ranges_.erase(at);
  }
  ranges_.insert_or_assign(start, std::move(range));
}

const mapped_range* address_space::find(std::uint64_t address, std::uint64_t& start) const {
  auto at = ranges_.upper_bound(address);
  if (at == ranges_.begin()) return nullptr;
  --at;
  if (address - at->first >= at->second.size_bytes) return nullptr;
  start = at->first;
  return &at->second;
}

}  // namespace deft::symbols
