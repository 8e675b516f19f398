// PEP 3118: what a consumer of a buffer asked for, and what it gets.
#include "deft/interop/python_buffer.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "deft/core/shared_buffer.hpp"
#include "deft/interop/column_view.hpp"
#include "deft/view/any_view.hpp"
#include "deft/view/detail/errors.hpp"

namespace deft::detail {

namespace {

// PyBUF_..., which are part of Python's stable ABI.
constexpr int writable = 0x1;
constexpr int with_format = 0x4;
constexpr int with_shape = 0x8;
constexpr int with_strides = 0x10 | with_shape;
constexpr int c_contiguous = 0x20 | with_strides;
constexpr int f_contiguous = 0x40 | with_strides;
constexpr int any_contiguous = 0x80 | with_strides;
constexpr int indirect = 0x100 | with_strides;
constexpr int most_dimensions = 64;

[[noreturn]] void fail(const std::string& what) {
  throw_invalid_argument("deft: Python buffer: " + what);
}

[[nodiscard]] bool asked(int flags, int what) noexcept {
  return (flags & what) == what;
}

/// What a buffer refers to.
struct kept_buffer {
  any_view array;
  std::string format;
  std::vector<std::ptrdiff_t> numbers;  // shape, strides, suboffsets
};

}  // namespace

buffer_fields make_buffer(const any_view& array, int flags) {
  if (asked(flags, writable) && array.readonly()) fail("the elements are for reading only");
  if (asked(flags, c_contiguous) && !array.c_contiguous()) fail("the elements are not contiguous as in C");
  if (asked(flags, f_contiguous) && !array.f_contiguous())
    fail("the elements are not contiguous as in Fortran");
  if (asked(flags, any_contiguous) && !array.contiguous()) fail("the elements are not contiguous");
  if (!asked(flags, indirect) && array.has_suboffsets()) fail("the elements have suboffsets");
  if (!asked(flags, with_strides) && !array.c_contiguous())
    fail("the elements are not contiguous, and strides are not asked for");
  if (asked(flags, with_format) && !asked(flags, with_shape)) fail("a format is asked for without a shape");
  auto kept = std::make_unique<kept_buffer>(kept_buffer{array, std::string(array.format()), {}});
  const auto shape = array.shape();
  const auto strides = array.strides();
  const auto suboffsets = array.suboffsets();
  kept->numbers.reserve(3 * shape.size());
  for (const std::size_t extent : shape) kept->numbers.push_back(static_cast<std::ptrdiff_t>(extent));
  kept->numbers.insert(kept->numbers.end(), strides.begin(), strides.end());
  kept->numbers.insert(kept->numbers.end(), suboffsets.begin(), suboffsets.end());
  buffer_fields made{};
  made.buf = array.data();
  made.len = static_cast<std::ptrdiff_t>(array.nbytes());
  made.itemsize = static_cast<std::ptrdiff_t>(array.itemsize());
  made.readonly = array.readonly() ? 1 : 0;
  made.ndim = static_cast<int>(shape.size());
  if (asked(flags, with_format)) made.format = kept->format.data();
  if (!shape.empty() && asked(flags, with_shape)) made.shape = kept->numbers.data();
  if (!shape.empty() && asked(flags, with_strides)) made.strides = kept->numbers.data() + shape.size();
  if (array.has_suboffsets()) made.suboffsets = kept->numbers.data() + 2 * shape.size();
  // Without a shape a buffer is one row of bytes, whatever it was.
  if (!asked(flags, with_shape)) made.ndim = 1;
  made.internal = kept.release();
  return made;
}

void free_buffer(void* internal) noexcept {
  delete static_cast<kept_buffer*>(internal);
}

any_view view_of_fields(const buffer_fields& fields, shared_buffer owner) {
  if (fields.ndim < 0 || fields.ndim > most_dimensions) {
    fail("the number of dimensions is " + std::to_string(fields.ndim));
  }
  // Without shape and format a buffer is bytes, and its item size that of what it was made from.
  const bool is_bytes = fields.shape == nullptr && fields.format == nullptr && fields.ndim == 1;
  const std::ptrdiff_t itemsize = is_bytes ? 1 : fields.itemsize;
  if (itemsize <= 0) fail("the size of an element is " + std::to_string(itemsize));
  if (fields.len < 0) fail("the length is " + std::to_string(fields.len));
  const auto ndim = static_cast<std::size_t>(fields.ndim);
  if (fields.shape == nullptr && ndim > 1) fail("a null pointer for the shape of several dimensions");
  std::vector<std::size_t> shape(ndim);
  bool empty = false;
  for (std::size_t d = 0; d < ndim; ++d) {
    const std::ptrdiff_t extent = fields.shape != nullptr ? fields.shape[d] : fields.len / itemsize;
    if (extent < 0) fail("the extent of a dimension is " + std::to_string(extent));
    shape[d] = static_cast<std::size_t>(extent);
    empty = empty || extent == 0;
  }
  std::int64_t count = empty ? 0 : 1;
  for (std::size_t d = 0; d < ndim && !empty; ++d) {
    if (__builtin_mul_overflow(count, static_cast<std::int64_t>(shape[d]), &count)) {
      fail("more elements than memory can hold");
    }
  }
  std::int64_t bytes = 0;
  if (__builtin_mul_overflow(count, static_cast<std::int64_t>(itemsize), &bytes) || bytes != fields.len) {
    fail("the length of " + std::to_string(fields.len) + " bytes is not that of the shape");
  }
  if (fields.buf == nullptr && bytes != 0) fail("the data is a null pointer");
  std::vector<std::ptrdiff_t> strides(ndim);
  std::ptrdiff_t stride = itemsize;
  for (std::size_t d = ndim; d-- > 0;) {
    strides[d] = fields.strides != nullptr ? fields.strides[d] : stride;
    // No overflow: the product of the extents, zeros aside, may exceed len only where there are no elements.
    if (shape[d] != 0 && bytes != 0) stride *= static_cast<std::ptrdiff_t>(shape[d]);
  }
  std::vector<std::ptrdiff_t> suboffsets;
  if (fields.suboffsets != nullptr) suboffsets.assign(fields.suboffsets, fields.suboffsets + ndim);
  // A format that was not asked for is that of bytes, or unknown but for its size.
  const std::string untold = itemsize == 1 ? "B" : std::to_string(itemsize) + "x";
  return any_view::of_buffer(fields.buf, fields.format == nullptr ? untold : fields.format,
                             static_cast<std::size_t>(itemsize), shape, strides, suboffsets,
                             fields.readonly != 0, std::move(owner));
}

any_view view_of_column(const shared_buffer& owner, const void* data, std::size_t rows,
                        const column_format& format) {
  const std::string letters =
      format.counted ? std::to_string(format.itemsize) + format.letter : std::string(1, format.letter);
  const auto size = static_cast<std::ptrdiff_t>(format.itemsize);
  std::vector<std::size_t> shape{rows};
  std::vector<std::ptrdiff_t> strides{size};
  if (format.inner != 0) {
    shape.push_back(format.inner);
    strides = {size * static_cast<std::ptrdiff_t>(format.inner), size};
  }
  return any_view::of_buffer(const_cast<void*>(data), letters, format.itemsize, shape, strides, {}, true,
                             owner);
}

}  // namespace deft::detail
