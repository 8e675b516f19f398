/// @file
/// What an exported column consists of, and what makes Arrow's structs of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/core/shared_buffer.hpp"
#include "deft/interop/arrow_abi.hpp"
#include "deft/interop/detail/arrow_types.hpp"

namespace deft::detail {

/// The memory of one arrow_type; in the order of a walk that has each type before its children.
struct arrow_memory {
  std::int64_t length = 0;
  std::int64_t offset = 0;
  const void* validity = nullptr;
  const void* values = nullptr;  // of texts: the offsets
  const void* characters = nullptr;
};

/// Makes an array of this type and memory that keeps `owner` and `copies` until every part of it is released.
/// @throws std::bad_alloc; then `out` is not written.
void make_arrow_array(const arrow_type& type, std::span<const arrow_memory> memory,
                      const shared_buffer& owner, std::vector<shared_buffer>&& copies, ArrowArray* out);

/// @throws std::bad_alloc; then `out` is not written.
void make_arrow_schema(const arrow_type& type, ArrowSchema* out);

/// What a stream gives, and how: no virtual functions, because tables of them carry no tag.
struct arrow_source {
  void* state;
  void (*schema)(ArrowSchema* out);
  bool (*next)(void* state, ArrowArray* out);  // false: there is none any more
  void (*destroy)(void* state);
};

/// Takes the source.
/// @throws std::bad_alloc; then `out` is not written.
void make_arrow_stream(const arrow_source& source, ArrowArrayStream* out);

/// The offsets of no texts.
extern const std::int64_t no_text_offsets[1];

/// A bitmap of `count` bits, one per element of a range of bools or what is tested.
template <typename Test>
[[nodiscard]] DEFT_TAGGED shared_buffer make_bitmap(std::size_t count, Test test) {
  shared_buffer bits = shared_buffer::allocate((count + 7) / 8);
  const std::span<std::byte> bytes = bits.writable_bytes();
  for (std::size_t first = 0; first < count; first += 8) {
    unsigned byte = 0;
    for (std::size_t i = first; i < count && i < first + 8; ++i) byte |= (test(i) ? 1U : 0U) << (i - first);
    bytes[first / 8] = static_cast<std::byte>(byte);
  }
  return bits;
}

}  // namespace deft::detail
