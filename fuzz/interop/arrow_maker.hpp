// Arrays of Arrow that may be anything, made of decisions. Every buffer is as long as the lengths and offsets
// beside it say, and no longer: what is read behind one the sanitizer reports.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "deft/interop/arrow_abi.hpp"

#include "fuzz/interop/arrow_formats.hpp"
#include "fuzz/op_source.hpp"

namespace deft_fuzz::arrow {

class maker {
 public:
  explicit maker(op_source& in) : in_(in) {}

  struct made {
    ArrowArray* array;
    ArrowSchema* schema;
  };

  made table() {
    // Mostly a struct: nothing else is a table.
    const made top = node(in_.below(16) == 0 ? in_.below(type_count) : structs, small(12), 0);
    top.array->private_data = &array_releases;
    top.schema->private_data = &schema_releases;
    return top;
  }

  int array_releases = 0;
  int schema_releases = 0;

 private:
  bool rarely() { return in_.below(48) == 1; }

  std::int64_t small(int bound) { return in_.below(bound); }

  std::int64_t odd(std::int64_t usual) {
    if (!rarely()) return usual;
    return in_.below(2) == 0 ? extremes[in_.below(5)] : small(24);
  }

  std::byte* bytes(std::int64_t count) {
    const auto size = static_cast<std::size_t>(count);
    auto& block = blocks_.emplace_back(new std::byte[size]);
    for (std::size_t i = 0; i < size; ++i) block[i] = static_cast<std::byte>(in_.byte());
    return block.get();
  }

  template <typename Struct>
  static void release(Struct* self) {
    DEFT_FUZZ_CHECK(self->release != nullptr);
    if (self->private_data != nullptr) ++*static_cast<int*>(self->private_data);
    self->release = nullptr;
  }

  template <typename Offset>
  const std::byte* offsets(std::int64_t end, std::int64_t& last) {
    std::byte* const memory = bytes((end + 1) * static_cast<std::int64_t>(sizeof(Offset)));
    Offset at = static_cast<Offset>(in_.below(3));
    for (std::int64_t i = 0; i <= end; ++i) {
      if (rarely()) at = static_cast<Offset>(in_.below(2) == 0 ? -1 : in_.below(20));
      std::memcpy(memory + i * static_cast<std::int64_t>(sizeof(Offset)), &at, sizeof(Offset));
      last = std::max(last, static_cast<std::int64_t>(at));
      at = static_cast<Offset>(at + in_.below(4));
    }
    return memory;
  }

  made node(int type_number, std::int64_t rows, int level) {
    const type_row& type = types[type_number];
    ArrowArray& array = arrays_.emplace_back();
    ArrowSchema& schema = schemas_.emplace_back();
    array.release = release<ArrowArray>;
    schema.release = release<ArrowSchema>;
    array.offset = odd(in_.below(3) == 0 ? small(9) : 0);
    array.length = odd(std::min(rows, largest));
    schema.format = type.format;
    schema.name = names_.emplace_back("c" + std::to_string(in_.below(4))).c_str();
    schema.flags = in_.below(3) == 0 ? 0 : ARROW_FLAG_NULLABLE;
    if (rarely()) schema.name = nullptr;
    if (rarely()) schema.format = nullptr;
    const bool fits =
        array.offset >= 0 && array.length >= 0 && array.offset <= largest && array.length <= largest;
    const std::int64_t end = fits ? array.offset + array.length : 0;
    auto& buffers = buffers_.emplace_back();
    if (type.lies != memory::none && type.lies != memory::junk) buffers.push_back(nullptr);
    std::int64_t refers = 0;  // to rows of a child, or to characters
    switch (type.lies) {
      case memory::bits:
        buffers.push_back(bytes((end + 7) / 8));
        break;
      case memory::fixed:
        buffers.push_back(bytes(end * type.width));
        break;
      case memory::texts32:
      case memory::lists32:
        buffers.push_back(offsets<std::int32_t>(end, refers));
        break;
      case memory::texts64:
      case memory::lists64:
        buffers.push_back(offsets<std::int64_t>(end, refers));
        break;
      case memory::views:
        views(buffers, end);
        break;
      case memory::structs:
        refers = end;
        break;
      case memory::repeats:
        refers = type.width < 8 ? end * type.width : 0;
        break;
      default:
        break;
    }
    if (type.lies == memory::texts32 || type.lies == memory::texts64) buffers.push_back(bytes(refers));
    absent(array, schema, buffers, end);
    array.n_buffers = odd(static_cast<std::int64_t>(buffers.size()));
    // Another number of them could be there, and be shorter than these: that cannot be told.
    if (type.lies == memory::views && array.n_buffers >= 3 && array.n_buffers <= 65536) {
      array.n_buffers = static_cast<std::int64_t>(buffers.size());
    }
    if (!buffers.empty() && rarely())
      buffers[static_cast<std::size_t>(in_.below(static_cast<int>(buffers.size())))] = nullptr;
    array.buffers = rarely() ? nullptr : buffers.data();
    const bool has_child = type.lies == memory::repeats || is_list(type);
    children(array, schema,
             type.lies == memory::structs ? (level < 4 ? in_.below(5) : 0)
             : has_child                  ? 1
                                          : 0,
             refers, level);
    if (type.integer && in_.below(4) == 0 && level < 6) {
      const made entries = node(in_.below(type_count), small(8), level + 1);
      array.dictionary = rarely() ? nullptr : entries.array;
      schema.dictionary = rarely() ? nullptr : entries.schema;
    }
    if (rarely()) array.release = nullptr;
    if (rarely()) schema.release = nullptr;
    return {&array, &schema};
  }

  void children(ArrowArray& array, ArrowSchema& schema, int count, std::int64_t rows, int level) {
    auto& arrays = array_children_.emplace_back();
    auto& schemas = schema_children_.emplace_back();
    for (int i = 0; i < count; ++i) {
      if (rarely()) {  // a circle
        arrays.push_back(&array);
        schemas.push_back(&schema);
        continue;
      }
      const made child = node(level < 5 ? in_.below(type_count) : 2 + in_.below(10), rows, level + 1);
      arrays.push_back(rarely() ? nullptr : child.array);
      schemas.push_back(rarely() ? nullptr : child.schema);
    }
    // Where both numbers were too large and equal, pointers would be read that are not there: that cannot be
    // told.
    array.n_children = odd(count);
    schema.n_children = odd(count);
    if (array.n_children == schema.n_children && array.n_children > count) array.n_children = count;
    array.children = rarely() ? nullptr : arrays.data();
    schema.children = rarely() ? nullptr : schemas.data();
    if (schema.n_children > count && array.n_children == count) schema.n_children = -3;
  }

  void absent(ArrowArray& array, ArrowSchema& schema, std::vector<const void*>& buffers, std::int64_t end) {
    if (buffers.empty()) {
      array.null_count = odd(in_.below(2) == 0 ? -1 : array.length);
      return;
    }
    if ((schema.flags & ARROW_FLAG_NULLABLE) == 0 && !rarely()) return;
    if (in_.below(3) == 0) return;
    std::byte* const bits = bytes((end + 7) / 8);
    if ((schema.flags & ARROW_FLAG_NULLABLE) != 0 && in_.below(8) == 0) {
      for (std::int64_t i = 0; i < (end + 7) / 8; ++i) bits[i] = std::byte{0xff};
    }
    buffers[0] = bits;
    std::int64_t zeros = 0;
    if (end != 0) {
      for (std::int64_t i = array.offset; i < end; ++i) {
        zeros += (std::to_integer<int>(bits[i / 8]) >> (i % 8) & 1) == 0 ? 1 : 0;
      }
    }
    array.null_count = odd(in_.below(2) == 0 ? -1 : zeros);
  }

  void views(std::vector<const void*>& buffers, std::int64_t end) {
    std::byte* const memory = bytes(end * 16);
    const int count = in_.below(3);
    std::byte* const sizes = bytes(8 * count);
    buffers.push_back(memory);
    for (int b = 0; b < count; ++b) {
      const std::int64_t size = small(40);
      buffers.push_back(bytes(size));
      const std::int64_t said = rarely() ? -1 : size;
      std::memcpy(sizes + 8 * b, &said, 8);
    }
    buffers.push_back(sizes);
    for (std::int64_t i = 0; i < end; ++i) {
      const std::int32_t parts[] = {in_.below(20), 0, in_.below(count + 1), in_.below(20)};
      if (in_.below(8) != 0) std::memcpy(memory + 16 * i, parts, 16);
    }
  }

  op_source& in_;
  std::deque<ArrowArray> arrays_;
  std::deque<ArrowSchema> schemas_;
  std::deque<std::string> names_;
  std::deque<std::unique_ptr<std::byte[]>> blocks_;
  std::deque<std::vector<const void*>> buffers_;
  std::deque<std::vector<ArrowArray*>> array_children_;
  std::deque<std::vector<ArrowSchema*>> schema_children_;
};

}  // namespace deft_fuzz::arrow
