// The way down a tree of numbers, for each instruction set: included into a namespace that defines
//
//     sought<Key>(needle)                          the needle as it is compared
//     child_slot<PassesEqual, Key>(node, x)        the slot of the child behind all separators that are
//     passed in_segment<PassesEqual, Key>(keys, x, n)     how many of the first n of tree_segment<Key> keys
//     are passed child_of_position(node, position)            the slot of the child that has the position
//     insert_key<Key>(leaf, slot, key)             makes room and fills it
//     erase_key<Key>(leaf, slot)                   closes the gap
//     add_from(counts, slot, change)
//
// and the macros DEFT_KERNEL and DEFT_KERNEL_INLINE.

/// A segment of a leaf's keys that has, or ends at, the first key that is not passed.
struct leaf_part {
  std::uint32_t start;
  std::uint32_t count;
};

/// Compares the last key of each whole segment but the last. Leaves of full size differ only from one kind of
/// tree to another, so that what depends on `capacity` is predicted.
template <bool PassesEqual, typename Key>
DEFT_KERNEL_INLINE auto find_segment(tree_node* leaf, Key needle) noexcept -> leaf_part {
  constexpr std::size_t segment = tree_segment<Key>;
  const Key* const keys = leaf_keys<Key>(leaf);
  const std::size_t count = leaf->count;
  const std::size_t capacity = leaf->capacity;
  std::size_t start = 0;
  if (capacity == 4 * segment) {
    const auto step = [=](std::size_t behind) {
      return static_cast<std::size_t>(is_passed<PassesEqual>(load(keys + behind - 1), needle)) &
             static_cast<std::size_t>(behind <= count);
    };
    start = segment * (step(segment) + step(2 * segment) + step(3 * segment));
  } else {
    for (std::size_t behind = segment; behind < capacity; behind += segment) {
      start += segment & -(static_cast<std::size_t>(is_passed<PassesEqual>(load(keys + behind - 1), needle)) &
                           static_cast<std::size_t>(behind <= count));
    }
    // Only lines that the leaf has may be read.
    if (start + segment > capacity && capacity >= segment) start = capacity - segment;
  }
  return {static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(count - start)};
}

/// In a leaf that has no room for a segment.
template <bool PassesEqual, typename Key>
DEFT_KERNEL_INLINE auto in_few(const Key* keys, Key needle, std::size_t count) noexcept -> std::size_t {
  std::size_t passed = 0;
  while (count > 0) {
    const std::size_t half = count - count / 2;
    passed +=
        half & -static_cast<std::size_t>(is_passed<PassesEqual>(load(keys + passed + half - 1), needle));
    count -= half;
  }
  return passed;
}

template <bool PassesEqual, typename Key>
DEFT_KERNEL_INLINE auto finish(tree_node* leaf, leaf_part part, Key needle, const sought<Key>& x) noexcept
    -> tree_place {
  const Key* const keys = leaf_keys<Key>(leaf) + part.start;
  const std::size_t passed = leaf->capacity >= tree_segment<Key>
                                 ? in_segment<PassesEqual, Key>(keys, x, part.count)
                                 : in_few<PassesEqual, Key>(keys, needle, part.count);
  return {leaf, part.start + static_cast<std::uint32_t>(passed)};
}

/// The keys of a leaf that find_segment() does not read anyhow. What the search will need is known only after
/// these have come, and of a leaf beyond the cache that takes as long again: at 1e6 keys all of them at once
/// make independent searches 1.9 times as fast, dependent ones twice. Near the core they cost more than they
/// save.
DEFT_KERNEL_INLINE void fetch_keys(const tree_node* leaf) noexcept {
  const auto* const bytes = reinterpret_cast<const unsigned char*>(leaf) + sizeof(tree_node);
#pragma GCC unroll 16
  for (std::size_t line = 0; line < 16; ++line) {
    if (line != 3 && line != 7 && line != 11) __builtin_prefetch(bytes + 64 * line);
  }
}

/// The children of a node, one of which is needed once its separators have come. Both are far in the two
/// lowest levels of inner nodes; those above are few.
DEFT_KERNEL_INLINE void fetch_children(const tree_node* node) noexcept {
  const auto* const bytes =
      reinterpret_cast<const unsigned char*>(static_cast<const tree_inner*>(node)->children);
#pragma GCC unroll 4
  for (std::size_t at = 0; at < tree_fanout * sizeof(tree_node*); at += 64) __builtin_prefetch(bytes + at);
}

/// Whether there are more keys than a cache near the core holds.
template <typename Key>
DEFT_KERNEL_INLINE auto is_far(const tree_node* root, unsigned height) noexcept -> bool {
  return height > 2 &&
         static_cast<const tree_inner*>(root)->counts[root->count - 1U] > tree_near_bytes / sizeof(Key);
}

template <typename Side, typename Key>
DEFT_KERNEL auto descend(tree_node* node, unsigned height, Key needle, std::uint8_t* slots) noexcept
    -> tree_place {
  const sought<Key> x(needle);
  const bool far = is_far<Key>(node, height);
  for (unsigned level = height; level-- > 0;) {
    if (far && level < 2) fetch_children(node);
    const std::size_t slot = child_slot<Side::passes_equal_separators, Key>(node, x);
    slots[level] = static_cast<std::uint8_t>(slot);
    node = static_cast<tree_inner*>(node)->children[slot];
  }
  if (far) fetch_keys(node);
  return finish<Side::passes_equal_keys>(node, find_segment<Side::passes_equal_keys>(node, needle), needle,
                                         x);
}

template <typename Key>
DEFT_KERNEL_INLINE void fetch_inner(const tree_node* node) noexcept {
  const auto* const bytes = reinterpret_cast<const unsigned char*>(node);
  __builtin_prefetch(bytes);
  for (std::size_t at = 0; at < tree_fanout * sizeof(Key); at += 64) {
    __builtin_prefetch(bytes + sizeof(tree_inner) + at);
  }
}

/// The keys that find_segment() reads.
DEFT_KERNEL_INLINE void fetch_leaf(const tree_node* leaf) noexcept {
  const auto* const bytes = reinterpret_cast<const unsigned char*>(leaf);
  __builtin_prefetch(bytes);
  for (std::size_t segment = 1; segment < 4; ++segment) {
    __builtin_prefetch(bytes + sizeof(tree_node) + segment * 256 - 1);
  }
}

/// Takes the needles down level by level, so that each one waits for memory together with the others.
/// Fetching costs 7 % of the time where nothing has to be waited for.
template <typename Side, typename Key>
DEFT_KERNEL void descend_many(tree_node* root, unsigned height, const void* needles, std::size_t count,
                              tree_place* places) noexcept {
  const bool far = is_far<Key>(root, height);
  const Key* next = static_cast<const Key*>(needles);
  for (std::size_t width = 0; count > 0; count -= width, next += width, places += width) {
    width = count < tree_batch ? count : tree_batch;
    tree_node* nodes[tree_batch];
    for (std::size_t i = 0; i < width; ++i) nodes[i] = root;
    for (unsigned level = height; level-- > 0;) {
      for (std::size_t i = 0; i < width; ++i) {
        const std::size_t slot =
            child_slot<Side::passes_equal_separators, Key>(nodes[i], sought<Key>(load(next + i)));
        nodes[i] = static_cast<tree_inner*>(nodes[i])->children[slot];
        if (!far) continue;
        if (level > 0) {
          fetch_inner<Key>(nodes[i]);
        } else {
          fetch_leaf(nodes[i]);
        }
      }
    }
    leaf_part parts[tree_batch];
    for (std::size_t i = 0; i < width; ++i) {
      parts[i] = find_segment<Side::passes_equal_keys>(nodes[i], load(next + i));
      if (!far) continue;
      const auto* const bytes =
          reinterpret_cast<const unsigned char*>(leaf_keys<Key>(nodes[i]) + parts[i].start);
      for (std::size_t line = 0; line < 4; ++line) __builtin_prefetch(bytes + 64 * line);
    }
    for (std::size_t i = 0; i < width; ++i) {
      const Key needle = load(next + i);
      places[i] = finish<Side::passes_equal_keys>(nodes[i], parts[i], needle, sought<Key>(needle));
    }
  }
}

DEFT_KERNEL void add(tree_node* leaf, unsigned height, const std::uint8_t* slots,
                     std::uint32_t change) noexcept {
  tree_inner* node = leaf->parent;
  for (unsigned level = 0; level < height; ++level, node = node->parent) {
    add_from(node->counts, slots[level], change);
  }
}

template <typename Key>
DEFT_KERNEL void insert(tree_place place, unsigned height, Key key, const std::uint8_t* slots) noexcept {
  insert_key(place.leaf, place.slot, key);
  place.leaf->count = static_cast<std::uint16_t>(place.leaf->count + 1);
  ++place.leaf->generation;
  add(place.leaf, height, slots, 1);
}

template <typename Key>
DEFT_KERNEL void erase(tree_place place, unsigned height, const std::uint8_t* slots) noexcept {
  erase_key<Key>(place.leaf, place.slot);
  place.leaf->count = static_cast<std::uint16_t>(place.leaf->count - 1);
  ++place.leaf->generation;
  add(place.leaf, height, slots, 0U - 1U);
}

DEFT_KERNEL auto nth(tree_node* node, unsigned height, std::size_t position) noexcept -> tree_place {
  auto left = static_cast<std::uint32_t>(position);
  for (; height > 0; --height) {
    const std::size_t slot = child_of_position(node, left);
    left -= count_before_child(node, slot);
    node = static_cast<tree_inner*>(node)->children[slot];
  }
  return {node, left};
}

template <typename Key>
inline constexpr tree_kernels<Key> kernels{&descend<tree_lower_unique, Key>,
                                           &descend<tree_lower, Key>,
                                           &descend<tree_upper, Key>,
                                           &descend_many<tree_lower_unique, Key>,
                                           &descend_many<tree_lower, Key>,
                                           &insert<Key>,
                                           &erase<Key>};

inline constexpr tree_count_kernels count_kernels{&nth, &add};
