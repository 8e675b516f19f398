/// @file
/// A change to one container of a flat container, in two steps, so that containers of equal length can be
/// changed together: the constructor does all that may fail and can be taken back, apply() the rest.
///
/// How, by what the element's moves may do:
///
/// | kind     | T's moves                       | constructor               | apply()                     |
/// |----------|---------------------------------|---------------------------|-----------------------------|
/// | in_place | never throw                     | makes room                | moves; cannot fail          |
/// | aside    | may throw, T is copyable        | copies to a new container | swaps; cannot fail          |
/// | lossy    | may throw, T is not copyable; or only assignment may (a pmr::string) | makes room | moves;
/// may fail |
///
/// A container without reserve() (std::deque) makes room by growing, and shrinks again if it is not to be.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/sorted_array.hpp"

namespace deft::detail {

enum class column_kind { in_place, aside, lossy };

template <typename T>
inline constexpr column_kind column_kind_of = moves_without_throwing<T> ? column_kind::in_place
                                              : copies_elements<T>      ? column_kind::aside
                                                                        : column_kind::lossy;

template <typename Container>
concept reservable = requires(Container& c) {
  c.reserve(c.capacity());
  c.pop_back();
};

// The changes. Each says where the elements of the new sequence come from; for some there is a source beside
// the container: the new element, or the container of the new ones.

/// The element `source` goes before position `at`.
struct insertion {
  std::size_t at;
};

/// The elements at [first, last) go.
struct removal {
  std::size_t first;
  std::size_t last;
};

/// The elements whose bit is set go.
struct filtering {
  const std::vector<bool>& dropped;
  std::size_t first;  ///< The first of them.
};

/// source[k] goes before the element at places[k]; ascending.
struct merging {
  const std::vector<std::size_t>& places;
};

/// The element at position order[k] goes to position k, for k < kept; the others go. `order` is a
/// permutation.
struct reordering {
  const std::vector<std::size_t>& order;
  std::size_t kept;
};

struct no_source {};

inline namespace DEFT_TAG {

// The elements before this position are the same in the old and the new sequence.
inline std::size_t first_changed(const insertion& change) noexcept {
  return change.at;
}

inline std::size_t first_changed(const removal& change) noexcept {
  return change.first;
}

inline std::size_t first_changed(const filtering& change) noexcept {
  return change.first;
}

inline std::size_t first_changed(const merging& change) noexcept {
  return change.places.front();
}

inline std::size_t first_changed(const reordering& /*change*/) noexcept {
  return 0;
}

template <typename Container>
auto iterator_at(Container& c, std::size_t i) {
  return c.begin() + static_cast<typename Container::difference_type>(i);
}

template <typename Container>
Container empty_like(const Container& c) {
  if constexpr (requires { Container(c.get_allocator()); }) {
    return Container(c.get_allocator());
  } else {
    return Container();
  }
}

template <typename Container, typename T>
void append_to(Container& c, T&& value) {
  if constexpr (requires { c.emplace_back(std::forward<T>(value)); }) {
    c.emplace_back(std::forward<T>(value));
  } else {
    c.insert(c.end(), std::forward<T>(value));
  }
}

template <typename Container>
void truncate_column(Container& c, std::size_t n) noexcept {
  if (n < c.size()) c.erase(detail::iterator_at(c, n), c.end());
}

/// Calls take(element) for each element of the new sequence, in order.
/// @{
template <typename Container, typename Source, typename Take>
void visit(const insertion& change, Container& c, Source& source, Take take) {
  const auto first = c.begin();
  const auto place = detail::iterator_at(c, change.at);
  std::for_each(first, place, take);
  take(source);
  std::for_each(place, c.end(), take);
}

template <typename Container, typename Take>
void visit(const removal& change, Container& c, no_source& /*source*/, Take take) {
  std::for_each(c.begin(), detail::iterator_at(c, change.first), take);
  std::for_each(detail::iterator_at(c, change.last), c.end(), take);
}

template <typename Container, typename Take>
void visit(const filtering& change, Container& c, no_source& /*source*/, Take take) {
  auto element = c.begin();
  for (std::size_t i = 0; i < change.dropped.size(); ++i, ++element) {
    if (!change.dropped[i]) take(*element);
  }
}

template <typename Container, typename Take>
void visit(const merging& change, Container& c, Container& source, Take take) {
  auto from = c.begin();
  auto next = source.begin();
  for (const std::size_t place : change.places) {
    const auto to = detail::iterator_at(c, place);
    std::for_each(from, to, take);
    take(*next);
    ++next;
    from = to;
  }
  std::for_each(from, c.end(), take);
}

template <typename Container, typename Take>
void visit(const reordering& change, Container& c, no_source& /*source*/, Take take) {
  const auto first = c.begin();
  for (std::size_t k = 0; k < change.kept; ++k) {
    // They lie anywhere; the processor sees no pattern.
    if (k + 16 < change.kept) {
      __builtin_prefetch(
          std::addressof(first[static_cast<typename Container::difference_type>(change.order[k + 16])]));
    }
    take(first[static_cast<typename Container::difference_type>(change.order[k])]);
  }
}

/// @}

/// Moves c[order[k]] to c[k] for all k, along the permutation's cycles. Nothing throws if moves do not.
template <typename Container>
void permute(Container& c, const std::vector<std::size_t>& order, std::vector<bool>& done) {
  const auto element = [&c](std::size_t i) -> auto& { return *detail::iterator_at(c, i); };
  for (std::size_t start = 0; start < order.size(); ++start) {
    if (done[start] || order[start] == start) continue;
    auto carried = std::move(element(start));
    std::size_t hole = start;
    while (order[hole] != start) {
      element(hole) = std::move(element(order[hole]));
      done[hole] = true;
      hole = order[hole];
    }
    element(hole) = std::move(carried);
    done[hole] = true;
  }
}

/// The old elements and, after them, the new ones, in merged order: as an order for permute().
inline std::vector<std::size_t> order_of_merging(const std::vector<std::size_t>& places,
                                                 std::size_t old_size) {
  std::vector<std::size_t> order;
  order.reserve(old_size + places.size());
  std::size_t from = 0;
  for (std::size_t k = 0; k < places.size(); ++k) {
    while (from < places[k]) order.push_back(from++);
    order.push_back(old_size + k);
  }
  while (from < old_size) order.push_back(from++);
  return order;
}

/// Elements that are cheaper to copy than to ask where they go.
template <typename T>
inline constexpr bool copied_at_once = std::is_trivially_copyable_v<T> && sizeof(T) <= 16;

/// merging of such elements: the branch on which comes next would be mispredicted half the time, so both are
/// read and one is chosen.
template <typename Container>
void merge_copies(Container& c, const Container& source, const std::vector<std::size_t>& places) {
  std::size_t j = c.size();
  std::size_t k = places.size();
  c.insert(c.end(), source.begin(), source.end());
  const auto out = c.begin();
  const auto in = source.begin();
  const auto at = [](const auto& first, std::size_t i) -> auto& {
    return first[static_cast<typename Container::difference_type>(i)];
  };
  while (k != 0 && j != 0) {
    const bool is_new = places[k - 1] >= j;
    const auto& next = is_new ? at(in, k - 1) : std::as_const(at(out, j - 1));
    at(out, j + k - 1) = next;
    k -= is_new;
    j -= !is_new;
  }
  while (k != 0) {
    --k;
    at(out, k) = at(in, k);
  }
}

/// merging where there is room: from the back, each element once.
template <typename Container>
void merge_into_room(Container& c, Container& source, const std::vector<std::size_t>& places) {
  using difference = typename Container::difference_type;
  const std::size_t n = c.size();
  if constexpr (copied_at_once<typename Container::value_type>) {
    if (places.size() > n / 16) return detail::merge_copies(c, source, places);
  }
  std::size_t k = 0;  // the new elements that end up below position n
  while (k < places.size() && places[k] + k < n) ++k;
  std::size_t old_end = n - k;  // the old elements that stay below position n
  for (std::size_t j = old_end, b = k; j < n || b < places.size();) {
    if (b < places.size() && places[b] <= j) {
      c.emplace_back(std::move(*detail::iterator_at(source, b++)));
    } else {
      c.emplace_back(std::move(*detail::iterator_at(c, j++)));
    }
  }
  const auto begin = c.begin();
  while (k != 0) {
    --k;
    std::move_backward(begin + static_cast<difference>(places[k]), begin + static_cast<difference>(old_end),
                       begin + static_cast<difference>(old_end + k + 1));
    old_end = places[k];
    begin[static_cast<difference>(old_end + k)] = std::move(*detail::iterator_at(source, k));
  }
}

template <typename Container>
void keep_others(Container& c, const filtering& change) {
  auto kept = detail::iterator_at(c, change.first);
  auto element = kept;
  for (std::size_t i = change.first; i < change.dropped.size(); ++i, ++element) {
    if (!change.dropped[i]) {
      *kept = std::move(*element);
      ++kept;
    }
  }
  c.erase(kept, c.end());
}

}  // namespace DEFT_TAG

/// What a lossy column does: the next container is filled by moves, and swapped in even where one fails.
template <typename Container>
class moved_aside {
 public:
  DEFT_TAGGED moved_aside(Container& c, Container& next) noexcept : c_(c), next_(next) {}

  moved_aside(const moved_aside&) = delete;
  moved_aside& operator=(const moved_aside&) = delete;

  DEFT_TAGGED ~moved_aside() { c_.swap(next_); }

  template <typename Change, typename Source>
  DEFT_TAGGED void fill(const Change& change, Source& source) {
    detail::visit(change, c_, source, [this](auto& element) { append_to(next_, std::move(element)); });
  }

 private:
  Container& c_;
  Container& next_;
};

/// The change of one column. `Source` is no_source, the new element, or the container of the new ones, which
/// are moved from (copied where the kind is aside).
template <typename Container, typename Change, typename Source>
class column_change {
  using value_type = typename Container::value_type;
  static constexpr column_kind kind = column_kind_of<value_type>;
  static constexpr bool inserts = std::is_same_v<Change, insertion>;
  static constexpr bool merges = std::is_same_v<Change, merging>;
  static constexpr bool reorders = std::is_same_v<Change, reordering>;

  static constexpr bool permutes = !reservable<Container> && (merges || reorders);
  /// By moves that may fail into a container with room for all: were it to grow meanwhile, a move that fails
  /// would leave moved-from elements in the prefix that is kept.
  static constexpr bool fills_room = kind == column_kind::lossy && reservable<Container> && merges;
  /// The next container is filled beside the old one.
  static constexpr bool fills_next =
      kind == column_kind::aside || fills_room || (reorders && reservable<Container>);

  struct nothing {};

  struct no_order {};

  struct no_bits {};

 public:
  // Delegates, so that the destructor takes back what is done when the rest fails.
  DEFT_TAGGED column_change(Container& c, const Change& change, Source& source)
      : column_change(c, change, source, nothing{}) {
    if constexpr (kind == column_kind::aside) {
      detail::visit(change, c, source, [this](const value_type& element) { append_to(next_, element); });
    } else if constexpr (reorders) {
      if constexpr (reservable<Container>) {
        next_.reserve(change.kept);
      } else {
        done_.resize(change.order.size());
      }
    } else if constexpr (fills_room) {
      next_.reserve(old_size_ + change.places.size());
    } else if constexpr (kind == column_kind::in_place) {
      make_room();
    }
  }

  column_change(const column_change&) = delete;
  column_change& operator=(const column_change&) = delete;

  DEFT_TAGGED ~column_change() {
    if constexpr (kind == column_kind::in_place && !reservable<Container>) {
      if (!grown_) return;
      if constexpr (inserts) {
        c_.erase(detail::iterator_at(c_, change_.at));
      } else {
        detail::truncate_column(c_, old_size_);
      }
    }
  }

  DEFT_TAGGED void apply() {
    if constexpr (kind == column_kind::aside) {
      c_.swap(next_);
    } else if constexpr (kind == column_kind::in_place) {
      apply_in_place();
      grown_ = false;
    } else if constexpr (fills_next) {
      moved_aside<Container>(c_, next_).fill(change_, source_);
    } else if constexpr (!reservable<Container>) {
      Container next(detail::empty_like(c_));
      moved_aside<Container>(c_, next).fill(change_, source_);
    } else if constexpr (inserts) {
      detail::insert_at(c_, change_.at, source_);
    } else if constexpr (std::is_same_v<Change, removal>) {
      detail::erase_at(c_, change_.first, change_.last);
    } else {
      detail::keep_others(c_, change_);
    }
  }

 private:
  DEFT_TAGGED column_change(Container& c, const Change& change, Source& source, nothing /*delegated*/)
      : c_(c), change_(change), source_(source), old_size_(c.size()), next_(next_for(c)) {}

  DEFT_TAGGED static auto next_for(const Container& c) {
    if constexpr (fills_next) {
      return detail::empty_like(c);
    } else {
      return nothing{};
    }
  }

  DEFT_TAGGED void make_room() {
    if constexpr (inserts) {
      if constexpr (reservable<Container>) {
        if (c_.size() == c_.capacity()) c_.reserve(detail::grown_capacity(c_, 1));
      } else {
        // Inserted at once and taken out again if need be: a deque moves the shorter side.
        c_.insert(detail::iterator_at(c_, change_.at), std::move(source_));
        grown_ = true;
      }
    } else if constexpr (merges) {
      if constexpr (reservable<Container>) {
        c_.reserve(detail::grown_capacity(c_, source_.size()));
      } else {
        order_ = detail::order_of_merging(change_.places, old_size_);
        done_.resize(order_.size());
        grown_ = true;
        for (value_type& element : source_) detail::append_to(c_, std::move(element));
      }
    }
  }

  DEFT_TAGGED void apply_in_place() {
    if constexpr (inserts) {
      if constexpr (reservable<Container>) c_.insert(detail::iterator_at(c_, change_.at), std::move(source_));
    } else if constexpr (merges) {
      if constexpr (reservable<Container>) {
        detail::merge_into_room(c_, source_, change_.places);
      } else {
        detail::permute(c_, order_, done_);
      }
    } else if constexpr (reorders) {
      if constexpr (reservable<Container>) {
        detail::visit(change_, c_, source_,
                      [this](value_type& element) { next_.emplace_back(std::move(element)); });
        c_.swap(next_);
      } else {
        detail::permute(c_, change_.order, done_);
        detail::truncate_column(c_, change_.kept);
      }
    } else if constexpr (std::is_same_v<Change, removal>) {
      c_.erase(detail::iterator_at(c_, change_.first), detail::iterator_at(c_, change_.last));
    } else {
      detail::keep_others(c_, change_);
    }
  }

  Container& c_;
  const Change& change_;
  Source& source_;
  std::size_t old_size_;
  [[no_unique_address]] std::conditional_t<fills_next, Container, nothing> next_;
  [[no_unique_address]] std::conditional_t<permutes, std::vector<std::size_t>, no_order> order_{};
  [[no_unique_address]] std::conditional_t<permutes, std::vector<bool>, no_bits> done_{};
  bool grown_ = false;
};

}  // namespace deft::detail
