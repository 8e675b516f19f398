/// @file
/// deft::fill_python_buffer, deft::from_python_buffer: PEP 3118, without Python's headers.
#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>

#include "deft/core/contracts.hpp"
#include "deft/core/shared_buffer.hpp"
#include "deft/view/any_view.hpp"

namespace deft {

/// The members of Python's Py_buffer that deft fills in and reads; `obj` is the extension's.
template <typename Buffer>
concept python_buffer = requires(Buffer& buffer) {
  buffer.buf = static_cast<void*>(nullptr);
  buffer.len = std::ptrdiff_t{};
  buffer.itemsize = std::ptrdiff_t{};
  buffer.readonly = 0;
  buffer.ndim = 0;
  buffer.format = static_cast<char*>(nullptr);
  buffer.shape = static_cast<std::ptrdiff_t*>(nullptr);
  buffer.strides = static_cast<std::ptrdiff_t*>(nullptr);
  buffer.suboffsets = static_cast<std::ptrdiff_t*>(nullptr);
  buffer.internal = static_cast<void*>(nullptr);
};

namespace detail {

/// A Py_buffer without its object.
struct buffer_fields {
  void* buf;
  std::ptrdiff_t len;
  std::ptrdiff_t itemsize;
  int readonly;
  int ndim;
  char* format;
  std::ptrdiff_t* shape;
  std::ptrdiff_t* strides;
  std::ptrdiff_t* suboffsets;
  void* internal;
};

[[nodiscard]] buffer_fields make_buffer(const any_view& array, int flags);
void free_buffer(void* internal) noexcept;
[[nodiscard]] any_view view_of_fields(const buffer_fields& fields, shared_buffer owner);

}  // namespace detail

inline namespace DEFT_TAG {

/// Describes an array in a Py_buffer, as an extension's bf_getbuffer does for the request `flags`
/// (PyBUF_...): what was not asked for is null, and what the consumer could not understand without it is
/// refused. `buffer->obj` is not touched. Until release_python_buffer the array and its owner are kept.
/// @throws      std::invalid_argument where the request cannot be met (Python's BufferError), after which
///              nothing is written; std::bad_alloc.
/// @complexity  O(dimensions). @concurrency Reads the array's description.
template <python_buffer Buffer>
void fill_python_buffer(const any_view& array, Buffer* buffer, int flags) {
  const detail::buffer_fields made = detail::make_buffer(array, flags);
  buffer->buf = made.buf;
  buffer->len = made.len;
  buffer->itemsize = made.itemsize;
  buffer->readonly = made.readonly;
  buffer->ndim = made.ndim;
  buffer->format = made.format;
  buffer->shape = made.shape;
  buffer->strides = made.strides;
  buffer->suboffsets = made.suboffsets;
  buffer->internal = made.internal;
}

/// What an extension's bf_releasebuffer does for a buffer that fill_python_buffer filled in. A second call
/// does nothing.
/// @complexity  O(1), and freeing what was kept. @concurrency Exclusive access to `*buffer`.
template <python_buffer Buffer>
void release_python_buffer(Buffer* buffer) noexcept {
  detail::free_buffer(buffer->internal);
  buffer->internal = nullptr;
}

/// A buffer of another extension as an any_view, which keeps `owner`: give it what calls PyBuffer_Release,
/// under the interpreter's lock, when the last view goes.
/// @returns     The view.
/// @pre         The elements exist as long as `owner`: only the description can be checked.
/// @throws      std::invalid_argument for numbers of dimensions, extents and sizes that cannot be, null data,
///              and a format whose size is another; std::bad_alloc.
/// @complexity  O(dimensions). @concurrency Reads the buffer.
template <python_buffer Buffer>
[[nodiscard]] any_view from_python_buffer(const Buffer& buffer, shared_buffer owner) {
  return detail::view_of_fields(
      {buffer.buf, static_cast<std::ptrdiff_t>(buffer.len), static_cast<std::ptrdiff_t>(buffer.itemsize),
       buffer.readonly, buffer.ndim, buffer.format, buffer.shape, buffer.strides, buffer.suboffsets, nullptr},
      static_cast<shared_buffer&&>(owner));
}

}  // namespace DEFT_TAG

}  // namespace deft
