// What an any_view is, and how one is made of another. What it holds is in any_view_values.cpp.
#include "deft/view/any_view.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <string>

#include "view/any_walk.hpp"
#include "view/item_format.hpp"

namespace deft {

namespace detail {

std::size_t any_parts::count() const noexcept {
  std::size_t product = 1;
  for (const any_dimension& dim : dims) product *= dim.extent;
  return product;
}

bool any_parts::has_suboffsets() const noexcept {
  return std::any_of(dims.begin(), dims.end(), [](const any_dimension& dim) { return dim.suboffset >= 0; });
}

// As CPython decides, for which one dimension without elements is contiguous only if its stride is right.
bool any_parts::c_contiguous() const noexcept {
  if (has_suboffsets()) return false;
  if (dims.size() == 1) return dims[0].extent == 1 || dims[0].stride == static_cast<std::ptrdiff_t>(itemsize);
  if (count() == 0) return true;
  auto stride = static_cast<std::ptrdiff_t>(itemsize);
  for (std::size_t d = dims.size(); d-- > 0;) {
    if (dims[d].extent > 1 && dims[d].stride != stride) return false;
    stride *= static_cast<std::ptrdiff_t>(dims[d].extent);
  }
  return true;
}

bool any_parts::f_contiguous() const noexcept {
  if (has_suboffsets()) return false;
  if (dims.size() == 1) return c_contiguous();
  if (count() == 0) return true;
  auto stride = static_cast<std::ptrdiff_t>(itemsize);
  for (const any_dimension& dim : dims) {
    if (dim.extent > 1 && dim.stride != stride) return false;
    stride *= static_cast<std::ptrdiff_t>(dim.extent);
  }
  return true;
}

namespace {

constexpr std::size_t most_dimensions = 64;  // CPython's

/// The number of bytes of an array, if it is one that memory can hold.
bool bytes_of_shape(std::span<const std::size_t> shape, std::size_t itemsize, std::size_t& bytes) noexcept {
  bytes = std::find(shape.begin(), shape.end(), std::size_t{0}) == shape.end() ? itemsize : 0;
  for (const std::size_t extent : shape) {
    if (extent > static_cast<std::size_t>(PTRDIFF_MAX)) return false;
    if (bytes != 0 &&
        (__builtin_mul_overflow(bytes, extent, &bytes) || bytes > static_cast<std::size_t>(PTRDIFF_MAX))) {
      return false;
    }
  }
  return true;
}

std::vector<any_dimension> contiguous_dims(std::span<const std::size_t> shape, std::size_t itemsize) {
  std::vector<any_dimension> dims(shape.size());
  auto stride = static_cast<std::ptrdiff_t>(itemsize);
  for (std::size_t d = shape.size(); d-- > 0;) {
    dims[d] = {shape[d], stride};
    stride = times(stride, static_cast<std::ptrdiff_t>(shape[d]));
  }
  return dims;
}

/// Whether all elements lie in [0, size), the first one being at `offset`.
bool lie_inside(std::span<const any_dimension> dims, std::size_t itemsize, std::size_t offset,
                std::size_t size) {
  if (offset > size) return false;
  if (std::any_of(dims.begin(), dims.end(), [](const any_dimension& dim) { return dim.extent == 0; }))
    return true;
  std::ptrdiff_t low = static_cast<std::ptrdiff_t>(offset);
  std::ptrdiff_t high = low;  // of the last element's first byte
  for (const any_dimension& dim : dims) {
    std::ptrdiff_t reach = 0;
    if (__builtin_mul_overflow(static_cast<std::ptrdiff_t>(dim.extent - 1), dim.stride, &reach)) return false;
    std::ptrdiff_t& end = reach < 0 ? low : high;
    if (__builtin_add_overflow(end, reach, &end)) return false;
  }
  return low >= 0 && static_cast<std::size_t>(high) <= size &&
         itemsize <= size - static_cast<std::size_t>(high);
}

any_parts parts_over(const std::byte* data, std::size_t size, std::string_view format,
                     std::span<const std::size_t> shape, std::span<const std::ptrdiff_t> strides,
                     std::size_t offset) {
  any_parts parts;
  parts.item = parse_format(format);
  if (parts.item.code == '\0') {
    throw_invalid_argument("deft: any_view: the format '" + std::string(format) + "' is not known");
  }
  parts.format = format;
  parts.itemsize = parts.item.size;
  std::size_t bytes = 0;
  if (shape.size() > most_dimensions || !bytes_of_shape(shape, parts.itemsize, bytes)) {
    throw_invalid_argument("deft: any_view: the shape has too many dimensions or elements");
  }
  if (!strides.empty() && strides.size() != shape.size()) {
    throw_invalid_argument("deft: any_view: there are not as many strides as dimensions");
  }
  parts.dims = contiguous_dims(shape, parts.itemsize);
  for (std::size_t d = 0; d < strides.size(); ++d) parts.dims[d].stride = strides[d];
  if (!lie_inside(parts.dims, parts.itemsize, offset, size)) {
    throw_invalid_argument("deft: any_view: elements of this shape and these strides lie outside of the " +
                           std::to_string(size) + " bytes");
  }
  parts.data = const_cast<std::byte*>(data) + offset;
  return parts;
}

/// Takes the keys of a slice one after another.
class key_taker {
 public:
  key_taker(any_parts& result, std::span<const any_dimension> from) : result_(result), from_(from) {}

  void take(const any_key& key, std::size_t left) {
    switch (key.what()) {
      case any_key::kind::position:
        return take_position(key.position());
      case any_key::kind::part:
        return take_part(key.part());
      case any_key::kind::rest:
        for (std::size_t i = 0; i < left; ++i) take_part({});
        return;
      case any_key::kind::axis:
        result_.dims.push_back({1, 0});
        return;
    }
  }

  void take_rest() {
    while (at_ < from_.size()) take_part({});
  }

 private:
  /// The elements move: the data, or behind the last pointer that is followed to them.
  void move(std::ptrdiff_t bytes) {
    const auto behind = std::find_if(result_.dims.rbegin(), result_.dims.rend(),
                                     [](const any_dimension& dim) { return dim.suboffset >= 0; });
    if (behind == result_.dims.rend()) {
      result_.data = static_cast<std::byte*>(result_.data) + bytes;
    } else if (behind->suboffset + bytes < 0) {
      throw_invalid_argument("deft: any_view: a suboffset would become negative");
    } else {
      behind->suboffset += bytes;
    }
  }

  void take_position(std::ptrdiff_t position) {
    const any_dimension& dim = from_[at_++];
    const std::size_t i = position_in(position, dim.extent, "deft: any_view: a position is outside");
    if (dim.suboffset < 0) return move(static_cast<std::ptrdiff_t>(i) * dim.stride);
    if (std::any_of(result_.dims.begin(), result_.dims.end(),
                    [](const any_dimension& d) { return d.stride != 0; })) {
      throw_invalid_argument(
          "deft: any_view: a position in a dimension of pointers, behind another dimension");
    }
    result_.data = moved_along(static_cast<std::byte*>(result_.data), dim, i);
  }

  void take_part(const slice& part) {
    const any_dimension& dim = from_[at_++];
    if (part.step == 0) throw_invalid_argument("deft: any_view: a slice with a step of 0");
    const resolved_slice found = resolve(part.start, part.stop, part.step, dim.extent);
    if (found.count != 0) move(static_cast<std::ptrdiff_t>(found.first) * dim.stride);
    result_.dims.push_back({found.count, times(dim.stride, part.step), dim.suboffset});
  }

  any_parts& result_;
  std::span<const any_dimension> from_;
  std::size_t at_ = 0;
};

}  // namespace

}  // namespace detail

any_view::any_view() {
  parts_.item = {'B', false, 1};
  parts_.dims = {{0, 1}};
}

any_view::any_view(detail::any_parts parts, shared_buffer owner) noexcept
    : parts_(std::move(parts)), owner_(std::move(owner)) {}

any_view any_view::over(view<const std::byte> memory, std::string_view format,
                        std::span<const std::size_t> shape, std::span<const std::ptrdiff_t> strides,
                        std::size_t offset) {
  return any_view(detail::parts_over(memory.data(), memory.size(), format, shape, strides, offset), {});
}

any_view any_view::over(view<std::byte> memory, std::string_view format, std::span<const std::size_t> shape,
                        std::span<const std::ptrdiff_t> strides, std::size_t offset) {
  detail::any_parts parts = detail::parts_over(memory.data(), memory.size(), format, shape, strides, offset);
  parts.readonly = false;
  return any_view(std::move(parts), {});
}

any_view any_view::over(const shared_buffer& memory, std::string_view format,
                        std::span<const std::size_t> shape, std::span<const std::ptrdiff_t> strides,
                        std::size_t offset) {
  return any_view(detail::parts_over(memory.data(), memory.size(), format, shape, strides, offset), memory);
}

any_view any_view::of_buffer(void* data, std::string_view format, std::size_t itemsize,
                             std::span<const std::size_t> shape, std::span<const std::ptrdiff_t> strides,
                             std::span<const std::ptrdiff_t> suboffsets, bool readonly, shared_buffer owner) {
  if (strides.size() != shape.size() || (!suboffsets.empty() && suboffsets.size() != shape.size())) {
    detail::throw_invalid_argument(
        "deft: any_view: there are not as many strides or suboffsets as dimensions");
  }
  detail::any_parts parts;
  parts.item = detail::parse_format(format);
  std::size_t bytes = 0;
  if (itemsize == 0 || (parts.item.code != '\0' && parts.item.size != itemsize)) {
    detail::throw_invalid_argument("deft: any_view: the item size " + std::to_string(itemsize) +
                                   " is not that of the format '" + std::string(format) + "'");
  }
  if (shape.size() > detail::most_dimensions || !detail::bytes_of_shape(shape, itemsize, bytes)) {
    detail::throw_invalid_argument("deft: any_view: the shape has too many dimensions or elements");
  }
  parts.data = data;
  parts.format = format;
  parts.itemsize = itemsize;
  parts.readonly = readonly;
  parts.dims.resize(shape.size());
  for (std::size_t d = 0; d < shape.size(); ++d) {
    parts.dims[d] = {shape[d], strides[d], suboffsets.empty() || suboffsets[d] < 0 ? -1 : suboffsets[d]};
  }
  return any_view(std::move(parts), std::move(owner));
}

void any_view::require() const {
  if (parts_.released) detail::throw_invalid_argument("deft: any_view: the view was released");
}

std::string_view any_view::format() const {
  require();
  return parts_.format;
}

std::size_t any_view::itemsize() const {
  require();
  return parts_.itemsize;
}

std::size_t any_view::ndim() const {
  require();
  return parts_.dims.size();
}

std::vector<std::size_t> any_view::shape() const {
  require();
  std::vector<std::size_t> extents;
  for (const detail::any_dimension& dim : parts_.dims) extents.push_back(dim.extent);
  return extents;
}

std::vector<std::ptrdiff_t> any_view::strides() const {
  require();
  std::vector<std::ptrdiff_t> strides;
  for (const detail::any_dimension& dim : parts_.dims) strides.push_back(dim.stride);
  return strides;
}

std::vector<std::ptrdiff_t> any_view::suboffsets() const {
  require();
  std::vector<std::ptrdiff_t> suboffsets;
  for (const detail::any_dimension& dim : parts_.dims) suboffsets.push_back(dim.suboffset);
  return suboffsets;
}

std::size_t any_view::nbytes() const {
  return count_elements() * parts_.itemsize;
}

std::size_t any_view::count_elements() const {
  require();
  return parts_.count();
}

bool any_view::readonly() const {
  require();
  return parts_.readonly;
}

bool any_view::c_contiguous() const {
  require();
  return parts_.c_contiguous();
}

bool any_view::f_contiguous() const {
  require();
  return parts_.f_contiguous();
}

bool any_view::contiguous() const {
  return c_contiguous() || f_contiguous();
}

bool any_view::has_suboffsets() const {
  require();
  return parts_.has_suboffsets();
}

void* any_view::data() const {
  require();
  return parts_.data;
}

const shared_buffer& any_view::owner() const {
  require();
  return owner_;
}

std::size_t any_view::size() const {
  require();
  if (parts_.dims.empty()) detail::throw_invalid_argument("deft: any_view: size() without dimensions");
  return parts_.dims[0].extent;
}

any_view any_view::slice(slice_bound start, slice_bound stop, std::ptrdiff_t step) const {
  require();
  if (parts_.dims.empty()) detail::throw_invalid_argument("deft: any_view: slice() without dimensions");
  const detail::any_key key(deft::slice{start, stop, step});
  return at(std::span<const detail::any_key>(&key, 1));
}

any_view any_view::at(std::span<const detail::any_key> keys) const {
  require();
  using kind = detail::any_key::kind;
  std::size_t spoken = 0;
  std::size_t ellipses = 0;
  std::size_t axes = 0;
  for (const detail::any_key& key : keys) {
    (key.what() == kind::rest ? ellipses : key.what() == kind::axis ? axes : spoken) += 1;
  }
  if (spoken > parts_.dims.size()) {
    detail::throw_invalid_argument("deft: any_view: the slice speaks of more dimensions than there are");
  }
  if (ellipses > 1) detail::throw_invalid_argument("deft: any_view: a slice with more than one ellipsis");
  if (parts_.dims.size() + axes > detail::most_dimensions) {
    detail::throw_invalid_argument("deft: any_view: a slice with more than 64 dimensions");
  }
  detail::any_parts result = parts_.without_dimensions();
  result.dims.reserve(parts_.dims.size() + axes);
  detail::key_taker taker(result, parts_.dims);
  for (const detail::any_key& key : keys) taker.take(key, parts_.dims.size() - spoken);
  taker.take_rest();
  return any_view(std::move(result), owner_);
}

any_view any_view::transposed() const {
  require();
  if (parts_.has_suboffsets()) detail::throw_invalid_argument("deft: any_view: transposed() of suboffsets");
  any_view found = *this;
  std::reverse(found.parts_.dims.begin(), found.parts_.dims.end());
  return found;
}

any_view any_view::reversed() const {
  return slice({}, {}, -1);
}

any_view any_view::cast(std::string_view format) const {
  require();
  const detail::item_format item = detail::parse_format(format);
  if (item.code == '\0' || item.code == 's') {
    detail::throw_invalid_argument("deft: any_view: cannot cast to the format '" + std::string(format) + "'");
  }
  if (!parts_.c_contiguous()) detail::throw_invalid_argument("deft: any_view: cast() of elements with gaps");
  const std::size_t bytes = nbytes();
  if (parts_.dims.size() != 1 && bytes == 0) {
    detail::throw_invalid_argument("deft: any_view: cast() of a shape with a 0");
  }
  if (!detail::is_byte_format(parts_.format) && !detail::is_byte_format(format)) {
    detail::throw_invalid_argument("deft: any_view: cast() where neither format is that of bytes");
  }
  if (bytes % item.size != 0) {
    detail::throw_invalid_argument("deft: any_view: cast(): " + std::to_string(bytes) +
                                   " bytes are no whole number of elements of " + std::to_string(item.size) +
                                   " bytes");
  }
  any_view found = *this;
  found.parts_.format = format;
  found.parts_.item = item;
  found.parts_.made_of_bools = false;
  found.parts_.itemsize = item.size;
  found.parts_.dims = {{bytes / item.size, static_cast<std::ptrdiff_t>(item.size)}};
  return found;
}

any_view any_view::cast(std::string_view format, std::span<const std::size_t> shape) const {
  require();
  if (parts_.dims.size() != 1 && shape.size() != 1) {
    detail::throw_invalid_argument("deft: any_view: cast() from several dimensions to several");
  }
  if (nbytes() == 0 || std::find(shape.begin(), shape.end(), std::size_t{0}) != shape.end()) {
    detail::throw_invalid_argument("deft: any_view: cast() of or to a shape with a 0");
  }
  any_view found = cast(format);
  std::size_t bytes = 0;
  if (shape.size() > detail::most_dimensions ||
      !detail::bytes_of_shape(shape, found.parts_.itemsize, bytes) || bytes != nbytes()) {
    detail::throw_invalid_argument("deft: any_view: cast() to a shape of another size");
  }
  found.parts_.dims = detail::contiguous_dims(shape, found.parts_.itemsize);
  return found;
}

any_view any_view::to_readonly() const {
  require();
  any_view found = *this;
  found.parts_.readonly = true;
  return found;
}

void any_view::release() noexcept {
  parts_.released = true;
  parts_.data = nullptr;
  owner_ = shared_buffer();
}

void any_view::require_typed(char code, std::size_t size, std::size_t alignment, bool reads,
                             std::size_t rank) const {
  require();
  // `l` and `q` are both of 64 bits on most machines: which letter it is does not matter, its kind does.
  const auto kind = [](char c) {
    return std::string_view("bhilqn").find(c) != std::string_view::npos    ? 'i'
           : std::string_view("BHILQNP").find(c) != std::string_view::npos ? 'u'
                                                                           : c;
  };
  if (parts_.item.swapped || kind(parts_.item.code) != kind(code) || parts_.itemsize != size) {
    detail::throw_invalid_argument("deft: any_view: the format '" + parts_.format +
                                   "' is not that of the type asked for");
  }
  if (parts_.readonly && !reads) detail::throw_invalid_argument("deft: any_view: the view is read-only");
  if (parts_.dims.size() != rank) {
    detail::throw_invalid_argument("deft: any_view: the view has " + std::to_string(parts_.dims.size()) +
                                   " dimensions, not " + std::to_string(rank));
  }
  if (parts_.has_suboffsets()) detail::throw_invalid_argument("deft: any_view: a typed view of suboffsets");
  if (parts_.count() == 0) return;
  if (code == '?' && !parts_.made_of_bools) require_bools(reads);
  bool aligned = reinterpret_cast<std::uintptr_t>(parts_.data) % alignment == 0;
  for (const detail::any_dimension& dim : parts_.dims) {
    if (dim.extent > 1 && dim.stride % static_cast<std::ptrdiff_t>(size) != 0) aligned = false;
  }
  if (!aligned) {
    detail::throw_invalid_argument(
        "deft: any_view: the elements are not aligned, or their strides no multiples of "
        "their size");
  }
}

void any_view::require_bools(bool reads) const {
  if (!reads) {
    detail::throw_invalid_argument(
        "deft: any_view: whoever writes the bytes later could write what is no bool: as<const bool>()");
  }
  const bool all =
      detail::walk_elements(parts_, [](const std::byte* at) { return std::to_integer<unsigned>(*at) <= 1; });
  if (!all) detail::throw_invalid_argument("deft: any_view: a byte is neither 0 nor 1, so no bool");
}

std::byte* any_view::element(std::span<const std::ptrdiff_t> positions) const {
  require();
  if (parts_.item.code == '\0') {
    detail::throw_invalid_argument("deft: any_view: elements of the format '" + parts_.format +
                                   "' have no value");
  }
  if (positions.size() != parts_.dims.size()) {
    detail::throw_invalid_argument("deft: any_view: " + std::to_string(positions.size()) +
                                   " positions, the view has " + std::to_string(parts_.dims.size()) +
                                   " dimensions");
  }
  auto* at = static_cast<std::byte*>(parts_.data);
  for (std::size_t d = 0; d < positions.size(); ++d) {
    const detail::any_dimension& dim = parts_.dims[d];
    at = detail::moved_along(
        at, dim, detail::position_in(positions[d], dim.extent, "deft: any_view: a position is outside"));
  }
  return at;
}

}  // namespace deft
