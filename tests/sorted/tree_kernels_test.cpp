// Every kernel of every instruction set that this machine has, in trees built by hand, against scans.
#include "deft/sorted/detail/tree_kernels.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <new>
#include <random>
#include <type_traits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "src/core/isa.hpp"

namespace {

using deft::detail::all_isas;
using deft::detail::is_supported;
using deft::detail::isa;
using deft::detail::isa_name;
using deft::detail::scoped_isa;
using deft::detail::tree_count_kernels_now;
using deft::detail::tree_fanout;
using deft::detail::tree_inner;
using deft::detail::tree_kernels_now;
using deft::detail::tree_leaf_bytes;
using deft::detail::tree_node;
using deft::detail::tree_place;

using slot_path = std::array<std::uint8_t, deft::detail::tree_height_limit>;

/// Nodes of exactly the size they need, so that AddressSanitizer sees reads beyond, and of garbage where
/// nothing is.
template <typename Key>
class tree {
 public:
  struct shape {
    std::size_t least_in_leaf;
    std::size_t capacity;
    std::size_t least_in_inner;
    unsigned lone_roots;  ///< Levels with one node of one child.
  };

  tree_node* root = nullptr;
  unsigned height = 0;
  std::vector<tree_node*> leaves;

  tree(const std::vector<Key>& keys, const shape& of, std::mt19937_64& random) {
    std::vector<tree_node*> level;
    std::vector<std::pair<Key, Key>> ends;  // the first and the last key below
    for (std::size_t done = 0; done < keys.size();) {
      const std::size_t count =
          std::min(keys.size() - done, of.least_in_leaf + random() % (of.capacity - of.least_in_leaf + 1));
      tree_node* const leaf = new_node(sizeof(tree_node) + of.capacity * sizeof(Key), random);
      leaf->count = static_cast<std::uint16_t>(count);
      leaf->capacity = static_cast<std::uint16_t>(of.capacity);
      std::memcpy(keys_of(leaf), keys.data() + done, count * sizeof(Key));
      level.push_back(leaf);
      ends.emplace_back(keys[done], keys[done + count - 1]);
      done += count;
    }
    leaves = level;
    for (unsigned lone = 0; level.size() > 1 || lone < of.lone_roots; ++height) {
      lone += level.size() == 1;
      std::vector<tree_node*> above;
      std::vector<std::pair<Key, Key>> ends_above;
      for (std::size_t done = 0; done < level.size();) {
        const std::size_t room = level.size() == 2 ? 2 : tree_fanout;
        const std::size_t least = std::min(of.least_in_inner, room);
        const std::size_t count = std::min(level.size() - done, least + random() % (room - least + 1));
        auto* const inner =
            static_cast<tree_inner*>(new_node(sizeof(tree_inner) + tree_fanout * sizeof(Key), random));
        inner->count = static_cast<std::uint16_t>(count);
        std::uint32_t below = 0;
        for (std::size_t i = 0; i < count; ++i) {
          level[done + i]->parent = inner;
          inner->children[i] = level[done + i];
          below += elements_below(level[done + i]);
          inner->counts[i] = below;
          if (i > 0) {
            separators_of(inner)[i] = separator(ends[done + i - 1].second, ends[done + i].first, random);
          }
        }
        above.push_back(inner);
        ends_above.emplace_back(ends[done].first, ends[done + count - 1].second);
        done += count;
      }
      level = std::move(above);
      ends = std::move(ends_above);
    }
    root = level.front();
  }

  tree(const tree&) = delete;
  auto operator=(const tree&) -> tree& = delete;

  ~tree() {
    for (void* const block : blocks_) ::operator delete(block, std::align_val_t{64});
  }

  static auto keys_of(tree_node* leaf) -> Key* { return reinterpret_cast<Key*>(leaf + 1); }

  static auto separators_of(tree_inner* inner) -> Key* { return reinterpret_cast<Key*>(inner + 1); }

  static auto elements_below(tree_node* node) -> std::uint32_t {
    const bool is_leaf = node->capacity != 0;
    return is_leaf ? node->count : static_cast<tree_inner*>(node)->counts[node->count - 1U];
  }

  /// All keys in order.
  auto keys() const -> std::vector<Key> {
    std::vector<Key> all;
    for (tree_node* const leaf : leaves) all.insert(all.end(), keys_of(leaf), keys_of(leaf) + leaf->count);
    return all;
  }

  /// How many elements lie before a place.
  auto position(tree_place place) const -> std::size_t {
    std::size_t before = place.slot;
    for (auto leaf = leaves.begin(); *leaf != place.leaf; ++leaf) before += (*leaf)->count;
    return before;
  }

  /// The place that a scan finds, separators and keys being passed while the functions say so.
  template <typename PassSeparator, typename PassKey>
  auto scan(PassSeparator passes_separator, PassKey passes_key, slot_path& slots) const -> tree_place {
    tree_node* node = root;
    for (unsigned level = height; level-- > 0;) {
      auto* const inner = static_cast<tree_inner*>(node);
      std::size_t slot = 0;
      while (slot + 1 < inner->count && passes_separator(separators_of(inner)[slot + 1])) ++slot;
      slots[level] = static_cast<std::uint8_t>(slot);
      node = inner->children[slot];
    }
    std::uint32_t slot = 0;
    while (slot < node->count && passes_key(keys_of(node)[slot])) ++slot;
    return {node, slot};
  }

 private:
  static auto separator(Key last, Key first, std::mt19937_64& random) -> Key {
    if constexpr (std::is_integral_v<Key>) {
      return random() % 2 == 0 || last == first ? first : static_cast<Key>(last + 1);
    } else {
      return random() % 2 == 0 || !(last < first) ? first : std::nextafter(last, first);
    }
  }

  auto new_node(std::size_t size, std::mt19937_64& random) -> tree_node* {
    auto* const block = static_cast<unsigned char*>(::operator new(32 + size, std::align_val_t{64}));
    blocks_.push_back(block);
    for (std::size_t i = 0; i < 32 + size; ++i)
      block[i] = static_cast<unsigned char>(random() % 3 * 127 + random() % 2);
    auto* const node = reinterpret_cast<tree_node*>(block + 32);
    *node = tree_node{nullptr, 0, 0, 7, nullptr, nullptr};
    return node;
  }

  std::vector<void*> blocks_;
};

template <typename Key>
class TreeKernels : public testing::Test {
 protected:
  using limits = std::numeric_limits<Key>;
  using shape = typename tree<Key>::shape;
  static constexpr std::size_t line = 64 / sizeof(Key);
  static constexpr std::size_t full = 1024 / sizeof(Key);

  std::mt19937_64 random{20261123};

  auto key(std::uint64_t distinct) -> Key {
    const std::uint64_t bits = random() % distinct;
    if constexpr (std::is_floating_point_v<Key>) {
      return (static_cast<Key>(bits) - static_cast<Key>(distinct / 2)) / Key{8};
    } else {
      return static_cast<Key>(bits + static_cast<std::uint64_t>(limits::min()) * (random() % 2));
    }
  }

  auto sorted_keys(std::size_t size, std::uint64_t distinct, bool unique) -> std::vector<Key> {
    std::vector<Key> keys(size);
    for (Key& each : keys) each = key(distinct);
    if (size > 4) {
      keys[0] = limits::lowest();
      keys[1] = limits::max();
      keys[2] = Key{0};
      if constexpr (limits::has_infinity) {
        keys[3] = limits::infinity();
        keys[4] = -limits::infinity();
      }
    }
    std::ranges::sort(keys);
    if (unique) keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    return keys;
  }

  /// Some keys, their neighbours and the type's extremes, in any order.
  auto needles_for(const std::vector<Key>& keys, std::size_t count) -> std::vector<Key> {
    std::vector<Key> needles{limits::lowest(), limits::max(), Key{0}, Key{1}};
    if constexpr (limits::has_infinity) {
      needles.insert(needles.end(), {limits::infinity(), -limits::infinity(), -Key{0}, limits::denorm_min(),
                                     limits::quiet_NaN(), -limits::quiet_NaN()});
    }
    while (needles.size() < count) {
      const Key each = keys[random() % keys.size()];
      needles.push_back(each);
      if constexpr (std::is_integral_v<Key>) {
        if (each != limits::max()) needles.push_back(static_cast<Key>(each + 1));
        if (each != limits::lowest()) needles.push_back(static_cast<Key>(each - 1));
      } else {
        needles.push_back(std::nextafter(each, limits::infinity()));
      }
    }
    std::ranges::shuffle(needles, random);
    return needles;
  }

  static auto bits(Key key) {
    return std::bit_cast<std::conditional_t<sizeof(Key) == 4, std::uint32_t, std::uint64_t>>(key);
  }

  template <typename Descend, typename PassSeparator, typename PassKey>
  static void expect_as_scanned(const tree<Key>& of, Descend descend, Key needle,
                                PassSeparator passes_separator, PassKey passes_key) {
    slot_path slots{};
    slot_path expected_slots{};
    slots.fill(99);
    expected_slots.fill(99);
    const tree_place found = descend(of.root, of.height, needle, slots.data());
    const tree_place expected = of.scan(passes_separator, passes_key, expected_slots);
    ASSERT_EQ(found.leaf, expected.leaf) << +needle;
    ASSERT_EQ(found.slot, expected.slot) << +needle;
    ASSERT_EQ(slots, expected_slots) << +needle;
  }

  template <typename Many>
  static void expect_as_one_by_one(const tree<Key>& of, Many many, const std::vector<Key>& needles,
                                   const std::vector<tree_place>& expected, std::size_t count) {
    std::vector<tree_place> found(count + 1, tree_place{nullptr, 77});
    many(of.root, of.height, needles.data(), count, found.data());
    for (std::size_t i = 0; i < count; ++i) {
      ASSERT_EQ(found[i].leaf, expected[i].leaf) << i << " of " << count << ": " << +needles[i];
      ASSERT_EQ(found[i].slot, expected[i].slot) << i << " of " << count << ": " << +needles[i];
    }
    ASSERT_EQ(found[count].slot, 77U);
  }

  /// A NaN is not before, nor after, anything.
  void expect_scans(const tree<Key>& of, const std::vector<Key>& needles, bool unique) {
    const std::vector<Key> all = of.keys();
    for (const isa path : all_isas) {
      if (!is_supported(path)) continue;
      SCOPED_TRACE(isa_name(path));
      const scoped_isa forced(path);
      const auto& kernels = tree_kernels_now<Key>();
      std::vector<tree_place> lower_unique;
      std::vector<tree_place> lower;
      for (const Key x : needles) {
        const auto not_after = [x](Key key) { return !(x < key); };
        const auto before = [x](Key key) { return key < x; };
        if (unique) expect_as_scanned(of, kernels.lower_unique, x, not_after, before);
        expect_as_scanned(of, kernels.lower, x, before, before);
        expect_as_scanned(of, kernels.upper, x, not_after, not_after);
        if (this->HasFatalFailure()) return;
        slot_path slots;
        lower_unique.push_back(kernels.lower_unique(of.root, of.height, x, slots.data()));
        lower.push_back(kernels.lower(of.root, of.height, x, slots.data()));
        if (x != x) continue;
        const auto first = static_cast<std::size_t>(std::ranges::lower_bound(all, x) - all.begin());
        const auto behind = static_cast<std::size_t>(std::ranges::upper_bound(all, x) - all.begin());
        if (unique) {
          ASSERT_EQ(of.position(lower_unique.back()), first) << +x;
        }
        ASSERT_EQ(of.position(lower.back()), first) << +x;
        ASSERT_EQ(of.position(kernels.upper(of.root, of.height, x, slots.data())), behind) << +x;
      }
      for (const std::size_t count : {needles.size(), needles.size() - needles.size() / 3}) {
        expect_as_one_by_one(of, kernels.lower_unique_many, needles, lower_unique, count);
        expect_as_one_by_one(of, kernels.lower_many, needles, lower, count);
        if (this->HasFatalFailure()) return;
      }
    }
  }

  void expect_positions(const tree<Key>& of) {
    for (const isa path : all_isas) {
      if (!is_supported(path)) continue;
      const scoped_isa forced(path);
      std::size_t position = 0;
      for (tree_node* const leaf : of.leaves) {
        for (std::uint32_t slot = 0; slot < leaf->count; ++slot, ++position) {
          const tree_place found = tree_count_kernels_now().nth(of.root, of.height, position);
          ASSERT_EQ(found.leaf, leaf) << isa_name(path) << " position " << position;
          ASSERT_EQ(found.slot, slot) << isa_name(path) << " position " << position;
        }
      }
    }
  }
};

using key_types = testing::Types<std::int32_t, std::uint32_t, std::int64_t, std::uint64_t, float, double>;
TYPED_TEST_SUITE(TreeKernels, key_types);

TYPED_TEST(TreeKernels, FindInOneLeafOfEveryCountAndSize) {
  for (const std::size_t lines : {1U, 2U, 3U, 4U, 5U, 7U, 8U, 12U, 15U, 16U, 20U, 31U}) {
    const std::size_t capacity = lines * TestFixture::line;
    for (std::size_t count = 1; count <= capacity; count += 1 + (lines > 5 ? this->random() % 5 : 0)) {
      for (const bool unique : {true, false}) {
        const auto keys = this->sorted_keys(count, unique ? 100'000 : 9, unique);
        const tree<TypeParam> one(keys, {keys.size(), capacity, 1, 0}, this->random);
        ASSERT_EQ(one.height, 0U);
        this->expect_scans(one, this->needles_for(keys, 30), unique);
        if (this->HasFatalFailure()) return;
      }
    }
  }
}

// The smaller leaf of a tree that has just one may have room for any number.
TYPED_TEST(TreeKernels, FindInOneLeafOfAnySize) {
  for (std::size_t capacity = 1; capacity < 5 * TestFixture::full / 4; capacity += 1 + capacity / 9) {
    const auto keys = this->sorted_keys(1 + this->random() % capacity, 100'000, true);
    const tree<TypeParam> one(keys, {keys.size(), capacity, 1, 0}, this->random);
    this->expect_scans(one, this->needles_for(keys, 30), true);
    if (this->HasFatalFailure()) return;
  }
}

TYPED_TEST(TreeKernels, FindInTreesOfEveryShape) {
  for (int round = 0; round < 60; ++round) {
    const std::size_t capacity =
        round % 3 == 0 ? TestFixture::full : (1 + this->random() % 16) * TestFixture::line;
    const typename TestFixture::shape of{round % 2 == 0 ? 1 : capacity / 2 + 1, capacity,
                                         round % 4 == 0 ? 1U : 12U, round % 5 == 0 ? 2U : 0U};
    const bool unique = round % 3 != 1;
    const auto keys = this->sorted_keys(1 + this->random() % 6000, unique ? 1'000'000 : 40, unique);
    const tree<TypeParam> any(keys, of, this->random);
    this->expect_scans(any, this->needles_for(keys, 60), unique);
    if (this->HasFatalFailure()) return;
  }
}

TYPED_TEST(TreeKernels, FindInDeepTreesOfFewChildren) {
  const auto keys = this->sorted_keys(1500, 1'000'000, true);
  const tree<TypeParam> deep(keys, {1, TestFixture::line, 1, 3}, this->random);
  EXPECT_GE(deep.height, 5U);
  this->expect_scans(deep, this->needles_for(keys, 200), true);
  this->expect_positions(deep);
}

// From this size on leaves are fetched before they are searched.
TYPED_TEST(TreeKernels, FindInTreesBeyondTheCache) {
  const auto keys = this->sorted_keys((1U << 20) / sizeof(TypeParam) + 9000, std::uint64_t{1} << 40, true);
  const tree<TypeParam> large(keys, {TestFixture::full / 2, TestFixture::full, 12, 0}, this->random);
  EXPECT_GT(large.height, 2U);
  this->expect_scans(large, this->needles_for(keys, 200), true);
}

TYPED_TEST(TreeKernels, AnswerEveryCountOfNeedles) {
  const auto keys = this->sorted_keys(3000, 1'000'000, true);
  const tree<TypeParam> any(keys, {1, TestFixture::full, 1, 0}, this->random);
  const auto needles = this->needles_for(keys, 80);
  for (std::size_t count = 0; count <= 70; ++count) {
    this->expect_scans(
        any, std::vector<TypeParam>(needles.begin(), needles.begin() + static_cast<std::ptrdiff_t>(count)),
        true);
    if (this->HasFatalFailure()) return;
  }
}

TYPED_TEST(TreeKernels, FindEveryPosition) {
  for (int round = 0; round < 8; ++round) {
    const auto keys = this->sorted_keys(1 + this->random() % 3000, 1'000'000, true);
    const tree<TypeParam> any(
        keys, {1, TestFixture::full, round % 2 == 0 ? 1U : 20U, static_cast<unsigned>(round) % 3},
        this->random);
    this->expect_positions(any);
    if (this->HasFatalFailure()) return;
  }
}

TYPED_TEST(TreeKernels, StayInsideNodesThatAreNotSorted) {
  using type_limits = std::numeric_limits<TypeParam>;
  auto keys = this->sorted_keys(4000, 1'000'000, true);
  const auto needles = this->needles_for(keys, 100);
  std::ranges::shuffle(keys, this->random);
  if constexpr (type_limits::has_quiet_NaN) {
    for (std::size_t i = 0; i < keys.size(); i += 3) keys[i] = type_limits::quiet_NaN();
  }
  const tree<TypeParam> broken(keys, {1, TestFixture::full, 1, 0}, this->random);
  std::vector<tree_place> places(needles.size());
  slot_path slots;
  for (const isa path : all_isas) {
    if (!is_supported(path)) continue;
    const scoped_isa forced(path);
    const auto& kernels = tree_kernels_now<TypeParam>();
    for (const TypeParam x : needles) {
      for (const auto descend : {kernels.lower_unique, kernels.lower, kernels.upper}) {
        const tree_place found = descend(broken.root, broken.height, x, slots.data());
        EXPECT_LE(found.slot, found.leaf->count);
      }
    }
    for (const auto many : {kernels.lower_unique_many, kernels.lower_many}) {
      many(broken.root, broken.height, needles.data(), needles.size(), places.data());
      for (const tree_place& found : places) EXPECT_LE(found.slot, found.leaf->count);
    }
  }
}

/// The way up from a leaf, and the counts there after `change` elements more in it.
template <typename Key>
struct way_up {
  slot_path slots{};
  std::vector<std::vector<std::uint32_t>> counts;

  way_up(const tree<Key>& of, const tree_node* below, std::uint32_t change) {
    for (unsigned level = 0; level < of.height; ++level, below = below->parent) {
      const tree_inner& inner = *below->parent;
      slots[level] = static_cast<std::uint8_t>(std::ranges::find(inner.children, below) - inner.children);
      counts.emplace_back(inner.counts, inner.counts + tree_fanout);
      for (std::size_t i = slots[level]; i < tree_fanout; ++i) counts.back()[i] += change;
    }
  }

  void expect_counted(const tree_node* below) const {
    for (const auto& level : counts) {
      ASSERT_TRUE(std::ranges::equal(level, below->parent->counts));
      below = below->parent;
    }
  }
};

/// What a leaf has to be after a change of one element.
template <typename Key>
void expect_leaf(tree_node* leaf, tree_node before, const std::vector<Key>& expected) {
  ASSERT_NE(leaf->generation, before.generation);
  before.generation = leaf->generation;
  before.count = static_cast<std::uint16_t>(expected.size());
  ASSERT_EQ(std::memcmp(&before, leaf, sizeof(before)), 0);
  ASSERT_EQ(std::memcmp(expected.data(), tree<Key>::keys_of(leaf), expected.size() * sizeof(Key)), 0);
}

TYPED_TEST(TreeKernels, InsertAndEraseAtEverySlotAndCountOnTheWayUp) {
  constexpr std::size_t capacity = tree_leaf_bytes / sizeof(TypeParam);
  const auto keys = this->sorted_keys(5 * capacity, 1'000'000, false);
  for (const isa path : all_isas) {
    if (!is_supported(path)) continue;
    const scoped_isa forced(path);
    const auto& kernels = tree_kernels_now<TypeParam>();
    const tree<TypeParam> grown(keys, {1, capacity, 1, 1}, this->random);
    for (tree_node* const leaf : grown.leaves) {
      TypeParam* const all = tree<TypeParam>::keys_of(leaf);
      for (const bool grows : {true, false, true}) {
        while (grows ? leaf->count < capacity : leaf->count > 0) {
          std::vector<TypeParam> expected(all, all + leaf->count);
          const tree_node before = *leaf;
          SCOPED_TRACE(::testing::Message() << isa_name(path) << ", " << leaf->count << " keys");
          const bool inserts =
              leaf->count == 0 || (leaf->count < capacity && (this->random() % 5 != 0) == grows);
          const way_up<TypeParam> up(grown, leaf, inserts ? 1 : 0U - 1U);
          const auto slot = static_cast<std::uint32_t>(this->random() % (leaf->count + (inserts ? 1U : 0U)));
          if (inserts) {
            const TypeParam key = this->random() % 9 == 0 ? -TypeParam{0} : this->key(1000);
            expected.insert(expected.begin() + slot, key);
            kernels.insert({leaf, slot}, grown.height, key, up.slots.data());
          } else {
            expected.erase(expected.begin() + slot);
            kernels.erase({leaf, slot}, grown.height, up.slots.data());
          }
          expect_leaf(leaf, before, expected);
          up.expect_counted(leaf);
          if (this->HasFatalFailure()) return;
        }
      }
    }
  }
}

TYPED_TEST(TreeKernels, AddToTheCountsOfEverySlot) {
  const auto keys = this->sorted_keys(20 * TestFixture::line, 1'000'000, true);
  for (const isa path : all_isas) {
    if (!is_supported(path)) continue;
    const scoped_isa forced(path);
    const tree<TypeParam> any(keys, {1, TestFixture::line, 2, 0}, this->random);
    for (std::uint8_t slot = 0; slot < tree_fanout; ++slot) {
      slot_path slots;
      slots.fill(slot);
      const auto change = static_cast<std::uint32_t>(slot % 2 == 0 ? -3 : 70'000);
      std::vector<std::vector<std::uint32_t>> counts;
      for (const tree_inner* up = any.leaves[1]->parent; up != nullptr; up = up->parent) {
        counts.emplace_back(up->counts, up->counts + tree_fanout);
        for (std::size_t i = slot; i < tree_fanout; ++i) counts.back()[i] += change;
      }
      tree_count_kernels_now().add(any.leaves[1], any.height, slots.data(), change);
      std::size_t level = 0;
      for (const tree_inner* up = any.leaves[1]->parent; up != nullptr; up = up->parent, ++level) {
        ASSERT_TRUE(std::ranges::equal(counts[level], up->counts)) << isa_name(path) << " slot " << +slot;
      }
    }
  }
}

}  // namespace
