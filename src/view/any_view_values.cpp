// The elements of an any_view: values, bytes, comparisons.
#include <cstring>
#include <string>
#include <vector>

#include "deft/view/any_view.hpp"

#include "view/any_walk.hpp"
#include "view/item_format.hpp"

namespace deft {

namespace {

/// The elements' bytes, one behind the other, in C's order.
std::vector<std::byte> gathered(const detail::any_parts& parts) {
  std::vector<std::byte> bytes(parts.count() * parts.itemsize);
  if (bytes.empty()) return bytes;
  if (parts.c_contiguous()) {
    std::memcpy(bytes.data(), parts.data, bytes.size());
    return bytes;
  }
  std::byte* to = bytes.data();
  detail::walk_elements(parts, [&](const std::byte* from) {
    std::memcpy(to, from, parts.itemsize);
    to += parts.itemsize;
    return true;
  });
  return bytes;
}

void require_values(const detail::any_parts& parts) {
  if (parts.item.code == '\0') {
    detail::throw_invalid_argument("deft: any_view: elements of the format '" + parts.format +
                                   "' have no value");
  }
}

void require_one_dimension(const detail::any_parts& parts) {
  if (parts.dims.size() != 1) {
    detail::throw_invalid_argument(
        "deft: any_view: a sequence's method of a view that has not one dimension");
  }
}

/// As CPython: behind an extent of 0 nothing is compared.
bool same_shape(const detail::any_parts& a, const detail::any_parts& b) noexcept {
  if (a.dims.size() != b.dims.size()) return false;
  for (std::size_t d = 0; d < a.dims.size(); ++d) {
    if (a.dims[d].extent != b.dims[d].extent) return false;
    if (a.dims[d].extent == 0) return true;
  }
  return true;
}

/// Integers of one size and byte order, and bytes, are equal where their bytes are.
bool equal_as_bytes(const detail::any_parts& a, const detail::any_parts& b) noexcept {
  constexpr std::string_view codes = "cbBhHiIlLqQnNPs";
  return a.item.code == b.item.code && a.item.size == b.item.size && a.item.swapped == b.item.swapped &&
         codes.find(a.item.code) != std::string_view::npos;
}

}  // namespace

any_value any_view::get(std::span<const std::ptrdiff_t> positions) const {
  return detail::unpack(element(positions), parts_.item);
}

void any_view::set(std::span<const std::ptrdiff_t> positions, const any_value& value) const {
  require();
  if (parts_.readonly) detail::throw_invalid_argument("deft: any_view: the view is read-only");
  detail::pack(element(positions), parts_.item, value);
}

void any_view::assign(const any_view& other) const {
  require();
  other.require();
  if (parts_.readonly) detail::throw_invalid_argument("deft: any_view: the view is read-only");
  if (!detail::same_format(parts_.format, other.parts_.format) || parts_.itemsize != other.parts_.itemsize ||
      !same_shape(parts_, other.parts_)) {
    detail::throw_invalid_argument("deft: any_view: assign() of another format or shape");
  }
  // The two may overlap.
  const std::vector<std::byte> bytes = gathered(other.parts_);
  const std::byte* from = bytes.data();
  detail::walk_elements(parts_, [&](std::byte* to) {
    std::memcpy(to, from, parts_.itemsize);
    from += parts_.itemsize;
    return true;
  });
}

std::vector<std::byte> any_view::tobytes(char order) const {
  require();
  if (order != 'C' && order != 'F' && order != 'A') {
    detail::throw_invalid_argument("deft: any_view: the order is 'C', 'F' or 'A'");
  }
  const bool as_it_lies = order == 'A' && parts_.f_contiguous() && !parts_.c_contiguous();
  if (order != 'F' && !as_it_lies) return gathered(parts_);
  std::vector<std::byte> bytes(parts_.count() * parts_.itemsize);
  std::byte* to = bytes.data();
  detail::walk_backwards(parts_, [&](const std::byte* from) {
    std::memcpy(to, from, parts_.itemsize);
    to += parts_.itemsize;
  });
  return bytes;
}

std::string any_view::hex(std::string_view separator, std::ptrdiff_t group) const {
  return detail::hex_of(tobytes(), separator, group);
}

std::vector<any_value> any_view::tolist() const {
  require();
  require_values(parts_);
  std::vector<any_value> values;
  values.reserve(parts_.count());
  detail::walk_elements(parts_, [&](const std::byte* from) {
    values.push_back(detail::unpack(from, parts_.item));
    return true;
  });
  return values;
}

std::size_t any_view::count(const any_value& value) const {
  require();
  require_values(parts_);
  require_one_dimension(parts_);
  std::size_t found = 0;
  detail::walk_elements(parts_, [&](const std::byte* from) {
    if (detail::unpack(from, parts_.item) == value) ++found;
    return true;
  });
  return found;
}

bool any_view::contains(const any_value& value) const {
  require();
  require_values(parts_);
  require_one_dimension(parts_);
  return !detail::walk_elements(
      parts_, [&](const std::byte* from) { return !(detail::unpack(from, parts_.item) == value); });
}

std::size_t any_view::index(const any_value& value, slice_bound start, slice_bound stop) const {
  require();
  require_values(parts_);
  require_one_dimension(parts_);
  const detail::resolved_slice part = detail::resolve(start, stop, parts_.dims[0].extent);
  for (std::size_t i = part.first; i < part.first + part.count; ++i) {
    if (get(static_cast<std::ptrdiff_t>(i)) == value) return i;
  }
  detail::throw_out_of_range("deft: any_view: index() of a value that is not there");
}

bool any_view::equals(const any_view& other) const {
  if (parts_.released || other.parts_.released) return this == &other;
  const detail::any_parts& a = parts_;
  const detail::any_parts& b = other.parts_;
  if (!same_shape(a, b)) return false;
  if (a.item.code == '\0' || b.item.code == '\0') return false;
  if (a.count() == 0) return true;
  if (equal_as_bytes(a, b) && a.c_contiguous() && b.c_contiguous()) {
    return std::memcmp(a.data, b.data, a.count() * a.itemsize) == 0;
  }
  auto same = [&](const std::byte* left, const std::byte* right) {
    return detail::unpack(left, a.item) == detail::unpack(right, b.item);
  };
  return detail::walk_both(static_cast<std::byte*>(a.data), a.dims, static_cast<std::byte*>(b.data), b.dims,
                           same);
}

std::uint64_t any_view::hash(std::uint64_t seed) const {
  require();
  if (!parts_.readonly || !detail::is_byte_format(parts_.format)) {
    detail::throw_invalid_argument(
        "deft: any_view: hash() of what can be written, or of a format that is not bytes'");
  }
  const std::vector<std::byte> bytes = tobytes();
  return hash_bytes(bytes.data(), bytes.size(), seed);
}

}  // namespace deft
