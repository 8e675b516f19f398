// Makes Arrow's structs: one allocation for all of an array, one for all of a type.
//
// Each struct below the first one lies in the allocation, and each, the first included, counts as one use of
// it: consumers may move children out of an array and release them when, and where, they like.
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "deft/core/bits_view.hpp"
#include "deft/core/shared_buffer.hpp"
#include "deft/interop/arrow_abi.hpp"
#include "deft/interop/detail/arrow_columns.hpp"
#include "deft/interop/detail/arrow_types.hpp"

namespace deft::detail {

extern const std::int64_t no_text_offsets[1] = {0};

namespace {

[[noreturn]] void throw_bad_alloc() {
#if defined(__cpp_exceptions)
  throw std::bad_alloc();
#else
  std::abort();
#endif
}

struct counts {
  std::size_t nodes = 0;     // structs, the first one included
  std::size_t pointers = 0;  // to children
};

counts count_nodes(const arrow_type& type) noexcept {
  counts all{1, type.child_count};
  if (type.dictionary != nullptr) ++all.nodes;
  for (std::size_t i = 0; i < type.child_count; ++i) {
    const counts below = count_nodes(type.children[i]);
    all.nodes += below.nodes;
    all.pointers += below.pointers;
  }
  return all;
}

/// Where the structs of one array or type lie: the head, the nodes, the pointers to children.
template <typename Head, typename Node, typename Struct>
class node_block {
 public:
  static Head* make(const counts& size) {
    const std::size_t bytes = first_node + size.nodes * sizeof(Node) + size.pointers * sizeof(Struct*);
    auto* const memory = static_cast<std::byte*>(::operator new(bytes));
    Head* const head = ::new (static_cast<void*>(memory)) Head;
    head->uses.store(size.nodes, std::memory_order_relaxed);
    for (std::size_t i = 0; i < size.nodes; ++i) {
      ::new (static_cast<void*>(memory + first_node + i * sizeof(Node))) Node{};
    }
    return head;
  }

  node_block(Head* head, std::size_t nodes) noexcept
      : node_(reinterpret_cast<Node*>(reinterpret_cast<std::byte*>(head) + first_node)),
        pointer_(reinterpret_cast<Struct**>(node_ + nodes)) {}

  Node* next_node() noexcept { return node_++; }

  Struct** next_pointers(std::size_t count) noexcept { return std::exchange(pointer_, pointer_ + count); }

  static void drop(Head* head) noexcept {
    // Acquire: what other threads did with the memory comes before it is freed.
    if (head->uses.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      head->~Head();
      ::operator delete(static_cast<void*>(head));
    }
  }

 private:
  static constexpr std::size_t first_node =
      (sizeof(Head) + alignof(Node) - 1) / alignof(Node) * alignof(Node);

  Node* node_;
  Struct** pointer_;
};

template <typename Struct>
void release_parts(Struct* self) noexcept {
  for (std::int64_t i = 0; i < self->n_children; ++i) {
    Struct* const child = self->children[i];
    if (child->release != nullptr) child->release(child);
  }
  if (self->dictionary != nullptr && self->dictionary->release != nullptr) {
    self->dictionary->release(self->dictionary);
  }
  self->release = nullptr;
}

struct array_head {
  std::atomic<std::size_t> uses{0};
  shared_buffer owner;
  std::vector<shared_buffer> copies;
};

struct array_node {
  ArrowArray array{};
  const void* buffers[3]{};
};

using array_block = node_block<array_head, array_node, ArrowArray>;

void release_array(ArrowArray* self) {
  if (self == nullptr || self->release == nullptr) return;
  auto* const head = static_cast<array_head*>(self->private_data);
  release_parts(self);
  array_block::drop(head);
}

/// DuckDB takes an unknown number for none where there is a dictionary, so that one is counted.
std::int64_t count_absent(const arrow_memory& part) noexcept {
  if (part.validity == nullptr || part.length == 0) return 0;
  const auto offset = static_cast<std::size_t>(part.offset);
  const auto length = static_cast<std::size_t>(part.length);
  const bits_view present({static_cast<const std::byte*>(part.validity), (offset + length + 7) / 8}, offset,
                          length);
  return static_cast<std::int64_t>(length - present.count());
}

struct array_maker {
  array_head* head;
  array_block block;
  const arrow_memory* memory;

  ArrowArray* make(const arrow_type& type) noexcept {
    array_node* const node = block.next_node();
    const arrow_memory& part = *memory++;
    const std::string_view format = type.format;
    node->buffers[0] = part.validity;
    node->buffers[1] = part.values;
    node->buffers[2] = part.characters;
    ArrowArray& array = node->array;
    array.length = part.length;
    array.null_count = type.dictionary != nullptr ? count_absent(part) : part.validity == nullptr ? 0 : -1;
    array.offset = part.offset;
    array.n_buffers = format.front() == '+' ? 1 : format == "U" ? 3 : 2;
    array.buffers = node->buffers;
    array.release = release_array;
    array.private_data = head;
    array.n_children = static_cast<std::int64_t>(type.child_count);
    if (type.child_count != 0) {
      array.children = block.next_pointers(type.child_count);
      for (std::size_t i = 0; i < type.child_count; ++i) array.children[i] = make(type.children[i]);
    }
    if (type.dictionary != nullptr) array.dictionary = make_dictionary(*type.dictionary);
    return &array;
  }

  ArrowArray* make_dictionary(const arrow_texts& texts) noexcept {
    array_node* const node = block.next_node();
    node->buffers[1] = texts.offsets;
    node->buffers[2] = texts.characters;
    ArrowArray& array = node->array;
    array.length = static_cast<std::int64_t>(texts.count);
    array.n_buffers = 3;
    array.buffers = node->buffers;
    array.release = release_array;
    array.private_data = head;
    return &array;
  }
};

struct schema_head {
  std::atomic<std::size_t> uses{0};
};

struct schema_node {
  ArrowSchema schema{};
};

using schema_block = node_block<schema_head, schema_node, ArrowSchema>;

void release_schema(ArrowSchema* self) {
  if (self == nullptr || self->release == nullptr) return;
  auto* const head = static_cast<schema_head*>(self->private_data);
  release_parts(self);
  schema_block::drop(head);
}

struct schema_maker {
  schema_head* head;
  schema_block block;

  ArrowSchema* make(const arrow_type& type) noexcept {
    ArrowSchema& schema = block.next_node()->schema;
    schema.format = type.format;
    schema.name = type.name;
    schema.flags = type.nullable ? ARROW_FLAG_NULLABLE : 0;
    schema.release = release_schema;
    schema.private_data = head;
    schema.n_children = static_cast<std::int64_t>(type.child_count);
    if (type.child_count != 0) {
      schema.children = block.next_pointers(type.child_count);
      for (std::size_t i = 0; i < type.child_count; ++i) schema.children[i] = make(type.children[i]);
    }
    if (type.dictionary != nullptr) {
      ArrowSchema& dictionary = block.next_node()->schema;
      dictionary.format = "u";
      dictionary.name = "";
      dictionary.release = release_schema;
      dictionary.private_data = head;
      schema.dictionary = &dictionary;
    }
    return &schema;
  }
};

/// What a stream that was exported consists of.
struct stream_state {
  explicit stream_state(const arrow_source& from) noexcept : source(from) {}

  stream_state(const stream_state&) = delete;
  stream_state& operator=(const stream_state&) = delete;

  ~stream_state() { source.destroy(source.state); }

  arrow_source source;
  std::string error;
};

template <typename F>
int guarded(ArrowArrayStream* stream, F f) noexcept {
  auto& state = *static_cast<stream_state*>(stream->private_data);
  state.error.clear();  // What is told is of the last call alone.
#if defined(__cpp_exceptions)
  try {
    f(state.source);
    return 0;
  } catch (const std::bad_alloc&) {
    return ENOMEM;
  } catch (const std::exception& e) {
    try {
      state.error = e.what();
    } catch (...) {
      return ENOMEM;
    }
    return EINVAL;
  } catch (...) {
    return EINVAL;
  }
#else
  f(state.source);
  return 0;
#endif
}

int stream_schema(ArrowArrayStream* stream, ArrowSchema* out) {
  return guarded(stream, [&](const arrow_source& source) { source.schema(out); });
}

int stream_next(ArrowArrayStream* stream, ArrowArray* out) {
  return guarded(stream, [&](const arrow_source& source) {
    if (!source.next(source.state, out)) out->release = nullptr;  // the end
  });
}

const char* stream_error(ArrowArrayStream* stream) {
  const auto& state = *static_cast<stream_state*>(stream->private_data);
  return state.error.empty() ? nullptr : state.error.c_str();
}

void release_stream(ArrowArrayStream* stream) {
  if (stream == nullptr || stream->release == nullptr) return;
  delete static_cast<stream_state*>(stream->private_data);
  stream->release = nullptr;
}

}  // namespace

void make_arrow_array(const arrow_type& type, std::span<const arrow_memory> memory,
                      const shared_buffer& owner, std::vector<shared_buffer>&& copies, ArrowArray* out) {
  const counts size = count_nodes(type);
  array_head* const head = array_block::make(size);
  head->owner = owner;
  head->copies = std::move(copies);
  array_maker maker{head, array_block(head, size.nodes), memory.data()};
  *out = *maker.make(type);
}

void make_arrow_schema(const arrow_type& type, ArrowSchema* out) {
  const counts size = count_nodes(type);
  schema_head* const head = schema_block::make(size);
  schema_maker maker{head, schema_block(head, size.nodes)};
  *out = *maker.make(type);
}

void make_arrow_stream(const arrow_source& source, ArrowArrayStream* out) {
  auto* const state = new (std::nothrow) stream_state(source);
  if (state == nullptr) {
    source.destroy(source.state);
    throw_bad_alloc();
  }
  out->get_schema = stream_schema;
  out->get_next = stream_next;
  out->get_last_error = stream_error;
  out->release = release_stream;
  out->private_data = state;
}

}  // namespace deft::detail
