// The way down the layers, one needle or many at a time. No guard: included once for each instruction set,
// inside a namespace of its own, behind
//   - DEFT_KERNEL: what functions compiled for the instruction set begin with;
//   - sought<Side, Key>: a needle made ready for comparing, from a Key;
//   - before_in_node(node, sought), before_in_block(block, sought): how many of the node_keys<Key> are before
//   it.

template <typename Side, typename Key>
DEFT_KERNEL auto search(const key_layers& in, Key needle) noexcept -> std::size_t {
  const sought<Side, Key> x(needle);
  std::size_t before = 0;
  for (std::uintptr_t node = in.root; node != in.root_end; node += sizeof(key_node))
    before += before_in_node(node, x);
  std::uintptr_t at = in.below_root + before * sizeof(key_node);
  for (std::uint32_t level = 1; level < in.height; ++level) {
    at = child_of<Key>(at, before_in_node(at, x), in.steps[level]);
  }
  at = inside(in, at);
  return Side::answer((at - in.first_block) / sizeof(Key) + before_in_block(at, x), needle, in.size);
}

/// Takes a group down to a level, 1 being below the root and height the array: from `from`, or from the root
/// where that is 0. Folds and not loops: -O2 does not unroll those early enough to keep it all in registers.
template <typename Side, typename Key, std::size_t... Index>
DEFT_KERNEL_INLINE void descend(const key_layers& in, const sought<Side, Key>* x, std::uintptr_t* at,
                                std::uint32_t from, std::uint32_t to,
                                std::index_sequence<Index...>) noexcept {
  if (from == 0) {
    ((at[Index] = in.below_root), ...);
    for (std::uintptr_t node = in.root; node != in.root_end; node += sizeof(key_node)) {
      ((at[Index] += before_in_node(node, x[Index]) * sizeof(key_node)), ...);
    }
    from = 1;
  }
  for (std::uint32_t level = from; level < to; ++level) {
    const std::uintptr_t step = in.steps[level];
    ((at[Index] = child_of<Key>(at[Index], before_in_node(at[Index], x[Index]), step)), ...);
  }
}

template <typename Side, typename Key, std::size_t... Index>
DEFT_KERNEL_INLINE void finish(const key_layers& in, const sought<Side, Key>* x, const std::uintptr_t* at,
                               const Key* needles, std::size_t* out, std::index_sequence<Index...>) noexcept {
  ((out[Index] =
        Side::answer((at[Index] - in.first_block) / sizeof(Key) + before_in_block(at[Index], x[Index]),
                     load(needles + Index), in.size)),
   ...);
}

template <typename Side, typename Key, std::size_t... Index>
DEFT_KERNEL_INLINE void search_group(const key_layers& in, const Key* needles, std::size_t* out,
                                     std::index_sequence<Index...> indices) noexcept {
  const sought<Side, Key> x[] = {sought<Side, Key>(load(needles + Index))...};
  std::uintptr_t at[sizeof...(Index)];
  descend(in, x, at, 0, in.height, indices);
  ((at[Index] = inside(in, at[Index])), ...);
  finish(in, x, at, needles, out, indices);
}

DEFT_KERNEL_INLINE void fetch_node(std::uintptr_t node) noexcept {
  __builtin_prefetch(reinterpret_cast<const void*>(node), 0, 2);
  __builtin_prefetch(reinterpret_cast<const void*>(node + sizeof(key_node) / 2), 0, 2);
}

/// Takes one group of a crowd down and fetches what it will read next.
template <typename Side, typename Key, std::size_t... Index>
DEFT_KERNEL_INLINE void advance_group(const key_layers& in, const Key* needles, std::uintptr_t* places,
                                      std::uint32_t from, std::uint32_t to,
                                      std::index_sequence<Index...> indices) noexcept {
  const sought<Side, Key> x[] = {sought<Side, Key>(load(needles + Index))...};
  std::uintptr_t at[sizeof...(Index)];
  if (from != 0) ((at[Index] = places[Index]), ...);
  descend(in, x, at, from, to, indices);
  if (to == in.height) ((at[Index] = inside(in, at[Index])), ...);
  ((places[Index] = at[Index], fetch_node(at[Index])), ...);
}

template <typename Side, typename Key, std::size_t... Index>
DEFT_KERNEL_INLINE void finish_group(const key_layers& in, const Key* needles, const std::uintptr_t* places,
                                     std::size_t* out, std::index_sequence<Index...> indices) noexcept {
  const sought<Side, Key> x[] = {sought<Side, Key>(load(needles + Index))...};
  finish(in, x, places, needles, out, indices);
}

/// Searches a crowd of at least group_width needles, level by level where levels are far from the core: while
/// one search waits for memory, the others go on.
///
/// Tried at 1e7 keys: letting each group follow some groups behind the one before it, so that fetching never
/// pauses, which takes 1.2 times as long; fetching into L1 as well (1.5 times); crowds of 128 (1.05 times).
template <typename Side, typename Key>
DEFT_KERNEL void search_crowd(const key_layers& in, const Key* needles, std::size_t count,
                              std::size_t* out) noexcept {
  constexpr std::make_index_sequence<group_width> indices;
  std::uintptr_t places[crowd_width];
  for (std::uint32_t from = 0, to = in.warm_height; from < in.height; from = to++) {
    for (std::size_t done = 0; done < count; done += group_width) {
      const Key* const group = needles + batch_start(done, count, group_width);
      advance_group<Side>(in, group, places + done, from, to, indices);
    }
  }
  for (std::size_t done = 0; done < count; done += group_width) {
    const std::size_t start = batch_start(done, count, group_width);
    finish_group<Side>(in, needles + start, places + done, out + start, indices);
  }
}

template <typename Side, typename Key>
DEFT_KERNEL void search_many(const key_layers& in, const void* needles, std::size_t count,
                             std::size_t* out) noexcept {
  const Key* const all = static_cast<const Key*>(needles);
  if (count < group_width) {
    for (std::size_t i = 0; i < count; ++i) out[i] = search<Side, Key>(in, load(all + i));
  } else if (in.size <= near_bytes / sizeof(Key)) {
    for (std::size_t done = 0; done < count; done += group_width) {
      const std::size_t start = batch_start(done, count, group_width);
      search_group<Side>(in, all + start, out + start, std::make_index_sequence<group_width>{});
    }
  } else {
    for (std::size_t done = 0, width = 0; done < count; done += width) {
      const std::size_t left = count - done;
      width = std::min(left, crowd_width);
      if (left != width && left - width < group_width) width -= group_width;  // or too few were left
      search_crowd<Side>(in, all + done, width, out + done);
    }
  }
}

template <typename Key>
inline constexpr layer_kernels<Key> kernels{&search<lower_side, Key>, &search<upper_side, Key>,
                                            &search_many<lower_side, Key>, &search_many<upper_side, Key>};
