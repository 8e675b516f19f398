/// @file
/// The engine under sorted_set, sorted_list and sorted_map: a B+-tree that counts.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/bisect_search.hpp"
#include "deft/sorted/detail/sorted_array_bulk.hpp"
#include "deft/sorted/detail/tree_splice.hpp"

namespace deft::detail {

template <typename Tree>
struct tree_bulk;  // tree_bulk.hpp

/// A counted B+-tree of unique keys, or of keys in which equals keep the order they came in; with mapped
/// values or without (`Mapped` is void).
///
///     inner node   separators, children, and how many elements they have, added up: positions cost what
///                  searches cost
///     leaves       about a KiB of keys in order, and of mapped values; linked
///
/// What a search asks a node lies in one to five cache lines of it. Trees of numbers are descended by
/// compiled kernels; see tree_kernels.hpp.
///
/// Every comparison of an operation comes before its first change, and so does every allocation; moving
/// elements does not fail (kept_in_box). Hence what throws has changed nothing.
template <typename Key, typename Mapped, typename Compare, typename Allocator, bool Unique>
class counted_btree : public tree_splice<tree_types<Key, Mapped, Compare, Allocator, Unique>> {
 public:
  using types = tree_types<Key, Mapped, Compare, Allocator, Unique>;
  using compare = Compare;
  using base = tree_splice<types>;
  using typename base::allocator_type;
  using typename base::element;
  using typename base::keys;
  static constexpr bool numbers = types::kind == key_kind::number;

  DEFT_TAGGED counted_btree(const Compare& comp, const Allocator& allocator) : base(allocator), comp_(comp) {}

  DEFT_TAGGED counted_btree(const counted_btree& other)
      : counted_btree(other, std::allocator_traits<Allocator>::select_on_container_copy_construction(
                                 other.allocator_)) {}

  DEFT_TAGGED counted_btree(const counted_btree& other, const Allocator& allocator)
      : counted_btree(other.comp_, allocator) {
    this->copy_elements(other);
  }

  DEFT_TAGGED counted_btree(counted_btree&& other) noexcept(std::is_nothrow_copy_constructible_v<Compare>)
      : base(other.allocator_), comp_(other.comp_) {
    this->take(other);
  }

  DEFT_TAGGED counted_btree(counted_btree&& other, const Allocator& allocator)
      : counted_btree(other.comp_, allocator) {
    take_or_move(other);
  }

  DEFT_TAGGED counted_btree& operator=(const counted_btree& other) {
    if (this == &other) return *this;
    using traits = std::allocator_traits<Allocator>;
    if constexpr (traits::propagate_on_container_copy_assignment::value) {
      counted_btree copy(other, other.allocator_);
      this->drop();
      this->allocator_ = other.allocator_;
      exchange(copy);
    } else {
      counted_btree copy(other, this->allocator_);
      exchange(copy);
    }
    return *this;
  }

  DEFT_TAGGED counted_btree& operator=(counted_btree&& other) noexcept(
      std::allocator_traits<Allocator>::is_always_equal::value &&
      std::is_nothrow_copy_constructible_v<Compare>) {
    if (this == &other) return *this;
    using traits = std::allocator_traits<Allocator>;
    if constexpr (traits::propagate_on_container_move_assignment::value) {
      Compare comp(other.comp_);
      this->drop();
      this->allocator_ = other.allocator_;
      this->take(other);
      comp_.set(std::move(comp));
    } else {
      counted_btree moved(std::move(other), this->allocator_);
      exchange(moved);
    }
    return *this;
  }

  DEFT_TAGGED ~counted_btree() = default;

  /// Exchanges everything; allocators only if they say that they propagate. Unequal ones that do not are the
  /// caller's to rule out.
  DEFT_TAGGED void swap(counted_btree& other) {
    if constexpr (std::allocator_traits<Allocator>::propagate_on_container_swap::value) {
      using std::swap;
      swap(this->allocator_, other.allocator_);
    }
    exchange(other);
  }

  [[nodiscard]] DEFT_TAGGED const Compare& comp() const noexcept { return comp_.get(); }

  DEFT_TAGGED void clear() noexcept { this->drop(); }

  // Lookup. Places are of elements, or the end.

  template <typename K>
  [[nodiscard]] DEFT_TAGGED tree_place find(const K& x) const {
    if (this->root_ == nullptr) return this->end_place();
    path unused;
    if constexpr (Unique && types::kind == key_kind::string && string_like<K>) {
      const tree_place at = descend<way::find>(x, unused);
      return at.slot != at.leaf->count && keys::is(base::key(at), x) ? at : this->end_place();
    } else {
      tree_place at = descend<lower_way<K>>(x, unused);
      if constexpr (lower_way<K> == way::lower) at = base::normal(at);
      return holds(at, x) ? at : this->end_place();
    }
  }

  template <typename K>
  [[nodiscard]] DEFT_TAGGED tree_place lower_bound(const K& x) const {
    if (this->root_ == nullptr) return this->end_place();
    path unused;
    return base::normal(descend<lower_way<K>>(x, unused));
  }

  template <typename K>
  [[nodiscard]] DEFT_TAGGED tree_place upper_bound(const K& x) const {
    if (this->root_ == nullptr) return this->end_place();
    path unused;
    return base::normal(descend<way::upper>(x, unused));
  }

  /// How many elements are before x, or are not after it.
  /// @{
  template <typename K>
  [[nodiscard]] DEFT_TAGGED std::size_t rank_lower(const K& x) const {
    return rank<lower_way<K>>(x);
  }

  template <typename K>
  [[nodiscard]] DEFT_TAGGED std::size_t rank_upper(const K& x) const {
    return rank<way::upper>(x);
  }

  /// @}

  /// find() for each of n keys.
  DEFT_TAGGED void find_many(const Key* sought, std::size_t n, tree_place* places) const {
    if constexpr (numbers) {
      if (this->height_ != 0) {
        const auto& kernels = *kernels_;
        (Unique ? kernels.lower_unique_many : kernels.lower_many)(this->root_, this->height_, sought, n,
                                                                  places);
        for (std::size_t i = 0; i < n; ++i) {
          if constexpr (!Unique) places[i] = base::normal(places[i]);
          if (!holds(places[i], sought[i])) places[i] = this->end_place();
        }
        return;
      }
    }
    for (std::size_t i = 0; i < n; ++i) places[i] = find(sought[i]);
  }

  // Changes.

  /// Inserts what `make()` returns, an element whose key is equivalent to x; where keys are unique, only if
  /// there is none yet, and else does not ask for it.
  template <typename K, typename Make>
  DEFT_TAGGED std::pair<tree_place, bool> try_insert(const K& x, Make make) {
    path slots;
    tree_place at{nullptr, 0};
    if (this->root_ != nullptr && !lies_outside(x, at, slots)) {
      at = descend<Unique ? way::lower_unique : way::upper>(x, slots);
      if constexpr (Unique) {
        if (holds(at, x)) return {at, false};
      }
    }
    element e = make();
    return {put(at, slots, e), true};
  }

  /// The same, as close before `hint` as the order allows: if x belongs there, that takes two comparisons.
  template <typename K, typename Make>
  DEFT_TAGGED std::pair<tree_place, bool> try_insert_hint(tree_place hint, const K& x, Make make) {
    if (this->root_ == nullptr) return try_insert(x, std::move(make));
    const bool at_begin = hint.slot == 0 && hint.leaf == this->first_;
    const bool at_end = hint.slot == hint.leaf->count;
    if constexpr (Unique) {
      const bool fits =
          (at_begin || less(base::key(base::previous(hint)), x)) && (at_end || less(x, base::key(hint)));
      if (!fits) return try_insert(x, std::move(make));
    } else {
      if (!at_begin && less(x, base::key(base::previous(hint)))) return try_insert(x, std::move(make));
      if (!at_end && less(base::key(hint), x)) hint = lower_bound(x);
    }
    element e = make();
    return {put_unpathed(hint, e), true};
  }

  /// Removes an element.
  /// @returns The place of the next.
  DEFT_TAGGED tree_place erase(tree_place at) noexcept { return this->remove(at, 1); }

  /// Removes the element with this key, or all with equivalent ones.
  template <typename K>
  DEFT_TAGGED std::size_t erase_key(const K& x) {
    if (this->root_ == nullptr) return 0;
    if constexpr (Unique && std::is_same_v<K, Key>) {
      path slots;
      const tree_place at = descend<way::lower_unique>(x, slots);
      if (!holds(at, x)) return 0;
      take_out(at, slots);
      if (at.leaf->count < base::low_count || at.slot == 0) static_cast<void>(this->mend(at));
      return 1;
    } else {
      const std::size_t first = rank_lower(x);
      const std::size_t n = rank_upper(x) - first;
      erase_positions(first, n);
      return n;
    }
  }

  /// Removes n elements from position `first` on.
  /// @returns The place of the next.
  DEFT_TAGGED tree_place erase_positions(std::size_t first, std::size_t n) noexcept {
    tree_place at = this->nth(first);
    while (n != 0) {
      const auto here = static_cast<std::uint32_t>(std::min<std::size_t>(n, at.leaf->count - at.slot));
      at = this->remove(at, here);
      n -= here;
    }
    return at;
  }

  /// Takes an element out.
  [[nodiscard]] DEFT_TAGGED element extract(tree_place at) noexcept {
    typename types::stored_mapped* mapped = nullptr;
    if constexpr (types::is_map) mapped = base::mapped_of(at.leaf) + at.slot;
    element out(this->allocator_, base::keys_of(at.leaf) + at.slot, mapped);
    this->removed(at, 1);
    return out;
  }

  /// Removes the elements at the positions whose flag is set.
  DEFT_TAGGED std::size_t erase_flagged(const std::vector<bool>& flags) noexcept {
    std::size_t removed = 0;
    std::size_t position = 0;
    tree_place at = this->begin_place();
    while (position != flags.size()) {
      if (!flags[position]) {
        ++position;
        at = base::next(at);
        continue;
      }
      std::uint32_t n = 0;
      while (position != flags.size() && flags[position] && at.slot + n < at.leaf->count) ++n, ++position;
      at = this->remove(at, n);
      removed += n;
    }
    return removed;
  }

  /// Whether a comes before b.
  template <typename A, typename B>
  [[nodiscard]] DEFT_TAGGED bool less(const A& a, const B& b) const {
    return detail::precedes(comp_.get(), a, b);
  }

  /// Cuts the tree before element `position`, or behind its last.
  /// @returns What was from there on.
  [[nodiscard]] DEFT_TAGGED counted_btree split_at(std::size_t position) {
    counted_btree tail(comp_, this->allocator_);
    if (position == 0) {
      tail.take(*this);
    } else if (position < this->size_) {
      this->split_to(position, tail);
    }
    return tail;
  }

  /// Puts all of `other` behind what is here. Where allocators differ, moves element by element.
  DEFT_TAGGED void concat(counted_btree& other) {
    if (other.size_ > base::max_size - this->size_)
      detail::throw_length_error("deft: a tree holds 2^32 - 1 elements at most");
    if (other.root_ == nullptr) return;
    if (this->allocator_ != other.allocator_) {
      counted_btree here(std::move(other), this->allocator_);
      concat(here);
    } else if (this->root_ == nullptr) {
      this->take(other);
    } else {
      this->join(other);
    }
  }

 private:
  friend tree_inspector;
  friend tree_bulk<counted_btree>;

  enum class way { find, lower_unique, lower, upper };
  using path = std::uint8_t[tree_height_limit];
  using kernel_number =
      typename std::conditional_t<numbers, kernel_key<std::conditional_t<numbers, Key, int>>,
                                  std::type_identity<void>>::type;

  /// Where there is more than one leaf, all of them have full size.
  static constexpr bool has_kernel_changes = numbers && !types::is_map;
  static_assert(!has_kernel_changes || base::full_capacity * sizeof(Key) == tree_leaf_bytes);

  /// A needle of another type may be equivalent to several of the unique keys.
  template <typename K>
  static constexpr way lower_way = Unique && std::is_same_v<K, Key> ? way::lower_unique : way::lower;

  template <way Way, typename K>
  DEFT_TAGGED tree_place descend(const K& x, path& slots) const {
    if constexpr (numbers && compares_as_key<Key, K>) {
      const Key needle = static_cast<Key>(x);
      if (this->height_ == 0) return {this->root_, search_root<Way>(needle)};
      const auto number = static_cast<kernel_number>(needle);
      if constexpr (Way == way::lower_unique)
        return kernels_->lower_unique(this->root_, this->height_, number, slots);
      if constexpr (Way == way::lower) return kernels_->lower(this->root_, this->height_, number, slots);
      if constexpr (Way == way::upper) return kernels_->upper(this->root_, this->height_, number, slots);
    } else {
      tree_node* node = this->root_;
      for (std::uint32_t level = this->height_; level-- != 0;) {
        tree_inner* const inner = base::inner(node);
        const std::uint32_t slot = keys::template child < Way != way::lower > (inner, x, comp_.get());
        slots[level] = static_cast<std::uint8_t>(slot);
        node = inner->children[slot];
      }
      if constexpr (Way == way::find) return {node, keys::find(node, x)};
      if constexpr (Way == way::upper) return {node, keys::upper(node, x, comp_.get())};
      return {node, keys::lower(node, x, comp_.get())};
    }
  }

  /// Whether x comes before or behind all that is here, and its place then. Numbers that come in order need
  /// no search, and for others the answer is predicted.
  template <typename K>
  DEFT_TAGGED bool lies_outside(const K& x, tree_place& at, path& slots) const noexcept {
    if constexpr (numbers && compares_as_key<Key, K>) {
      const auto number = static_cast<Key>(x);
      const bool before = number < base::keys_of(this->first_)[0];
      if (!before && !(base::keys_of(this->last_)[this->last_->count - 1] < number)) return false;
      at = before ? tree_place{this->first_, 0} : tree_place{this->last_, this->last_->count};
      const tree_inner* above = at.leaf->parent;
      for (std::uint32_t level = 0; level != this->height_; ++level, above = above->parent) {
        slots[level] = before ? 0 : static_cast<std::uint8_t>(above->count - 1);
      }
      return true;
    }
    return false;
  }

  /// In a tree of one leaf.
  template <way Way>
  DEFT_TAGGED std::uint32_t search_root(Key x) const noexcept {
    tree_node* const leaf = this->root_;
    const Key* const all = base::keys_of(leaf);
    if (leaf->capacity >= 256 / sizeof(Key)) {
      path unused;
      const auto number = static_cast<kernel_number>(x);
      return (Way == way::upper ? kernels_->upper : kernels_->lower)(leaf, 0, number, unused).slot;
    }
    // Counting takes a cycle a key and waits for nothing, the steps of a binary search wait for one another.
    std::uint32_t passed = 0;
    for (std::uint32_t i = 0; i < leaf->count; ++i) {
      passed += static_cast<std::uint32_t>(Way == way::upper ? !(x < all[i]) : all[i] < x);
    }
    return passed;
  }

  template <typename K>
  DEFT_TAGGED bool holds(tree_place at, const K& x) const {
    return at.slot != at.leaf->count && !less(x, base::key(at));
  }

  template <way Way, typename K>
  DEFT_TAGGED std::size_t rank(const K& x) const {
    if (this->root_ == nullptr) return 0;
    path slots;
    const tree_place at = descend<Way>(x, slots);
    std::size_t before = at.slot;
    const tree_inner* above = at.leaf->parent;
    for (std::uint32_t level = 0; level != this->height_; ++level, above = above->parent) {
      if (slots[level] != 0) before += above->counts[slots[level] - 1];
    }
    return before;
  }

  DEFT_TAGGED void check_size() const {
    if (this->size_ >= base::max_size)
      detail::throw_length_error("deft: a tree holds 2^32 - 1 elements at most");
  }

  DEFT_TAGGED tree_place put(tree_place at, const path& slots, element& e) {
    check_size();
    if (at.leaf == nullptr || at.leaf->count == at.leaf->capacity) return put_unpathed(at, e);
    if (at.slot == 0 && at.leaf == this->first_ && this->height_ != 0) return this->put_first(e);
    if constexpr (has_kernel_changes) {
      if (this->height_ != 0) {
        kernels_->insert(at, this->height_, static_cast<kernel_number>(e.key()), slots);
        ++this->size_;
        return at;
      }
    }
    base::place_in(at.leaf, at.slot, e);
    if (this->height_ != 0) this->counting_->add(at.leaf, this->height_, slots, 1);
    ++this->size_;
    return at;
  }

  DEFT_TAGGED void take_out(tree_place at, const path& slots) noexcept {
    --this->size_;
    if constexpr (has_kernel_changes) {
      if (this->height_ != 0) return kernels_->erase(at, this->height_, slots);
    }
    this->destroy_elements(at.leaf, at.slot, 1);
    base::close_gap(at.leaf, at.slot, 1);
    if (this->height_ != 0) this->counting_->add(at.leaf, this->height_, slots, 0U - 1U);
  }

  DEFT_TAGGED tree_place put_unpathed(tree_place at, element& e) {
    check_size();
    if (at.leaf == nullptr || at.leaf->count == at.leaf->capacity) at = this->make_room(at);
    base::place_in(at.leaf, at.slot, e);
    base::add_above(at.leaf, 1);
    if (at.slot == 0) this->first_changed(at.leaf);
    ++this->size_;
    return at;
  }

  DEFT_TAGGED void exchange(counted_btree& other) {
    this->exchange_nodes(other);
    comp_.exchange(other.comp_);
  }

  DEFT_TAGGED void take_or_move(counted_btree& other) {
    if (this->allocator_ == other.allocator_) {
      this->take(other);
    } else {
      this->move_elements(other);
      other.drop();
    }
  }

  /// A comparator need not be assignable.
  class kept_compare {
   public:
    DEFT_TAGGED kept_compare(const Compare& comp) : comp_(comp) {}  // NOLINT(google-explicit-constructor)

    DEFT_TAGGED operator const Compare&() const noexcept {
      return comp_;
    }  // NOLINT(google-explicit-constructor)

    [[nodiscard]] DEFT_TAGGED const Compare& get() const noexcept { return comp_; }

    DEFT_TAGGED void set(Compare&& comp) {
      if constexpr (std::is_move_assignable_v<Compare>) {
        comp_ = std::move(comp);
      } else {
        std::destroy_at(std::addressof(comp_));
        std::construct_at(std::addressof(comp_), std::move(comp));
      }
    }

    DEFT_TAGGED void exchange(kept_compare& other) {
      if constexpr (std::is_empty_v<Compare>) return;
      Compare own(comp_);
      set(Compare(other.comp_));
      other.set(std::move(own));
    }

   private:
    [[no_unique_address]] Compare comp_;
  };

  [[no_unique_address]] kept_compare comp_;
  const tree_kernels<std::conditional_t<numbers, kernel_number, std::int32_t>>* kernels_ = kernels_now();

  DEFT_TAGGED static auto kernels_now() noexcept
      -> const tree_kernels<std::conditional_t<numbers, kernel_number, std::int32_t>>* {
    if constexpr (numbers) return &tree_kernels_now<kernel_number>();
    return nullptr;
  }
};

}  // namespace deft::detail
