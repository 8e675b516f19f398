/// @file
/// One or two containers of equal length that are changed together; see flat_column.hpp for one.
#pragma once

#include <cstddef>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/flat_column.hpp"
#include "deft/sorted/detail/sorted_array.hpp"

namespace deft::detail {

/// An element outside its container, made from a tuple of arguments.
template <typename Container>
class staged_from_tuple : public staged_element<Container> {
 public:
  template <typename Arguments>
  DEFT_TAGGED staged_from_tuple(const Container& c, Arguments&& arguments)
      : staged_from_tuple(c, std::forward<Arguments>(arguments),
                          std::make_index_sequence<std::tuple_size_v<std::remove_cvref_t<Arguments>>>()) {}

 private:
  template <typename Arguments, std::size_t... Index>
  DEFT_TAGGED staged_from_tuple(const Container& c, [[maybe_unused]] Arguments&& arguments,
                                std::index_sequence<Index...> /*indices*/)
      : staged_element<Container>(c, std::get<Index>(std::forward<Arguments>(arguments))...) {}
};

/// How a container gets another one's elements by assignment, without a trace where that fails.
template <typename Container>
struct column_assignment {
  using allocator_traits = std::allocator_traits<typename container_allocator<Container>::type>;
  static constexpr bool own_allocator = requires(const Container& c) { c.get_allocator(); };
  static constexpr bool copies_allocator = allocator_traits::propagate_on_container_copy_assignment::value;
  static constexpr bool takes_storage = allocator_traits::propagate_on_container_move_assignment::value ||
                                        allocator_traits::is_always_equal::value;

  DEFT_TAGGED static Container copy_for(const Container& to, const Container& from) {
    if constexpr (!own_allocator) {
      return Container(from);
    } else if constexpr (copies_allocator) {
      return Container(from, from.get_allocator());
    } else {
      return Container(from, to.get_allocator());
    }
  }

  DEFT_TAGGED static void assign_copy(Container& to, Container& next) {
    if constexpr (own_allocator && copies_allocator && std::is_nothrow_move_constructible_v<Container>) {
      // Not by move assignment: that propagates the allocator under another condition than copying does.
      std::destroy_at(&to);
      std::construct_at(&to, std::move(next));
    } else {
      to.swap(next);
    }
  }

  /// What to.assign_moved() takes: `from` itself, or its elements under to's allocator.
  DEFT_TAGGED static decltype(auto) movable_for(const Container& to, Container& from) {
    if constexpr (!own_allocator || takes_storage) {
      return static_cast<Container&>(from);
    } else {
      return Container(std::move(from), to.get_allocator());
    }
  }

  template <typename From>
  DEFT_TAGGED static void assign_moved(Container& to, From&& from) {
    if constexpr (!own_allocator || takes_storage) {
      to = std::move(from);
    } else {
      to.swap(from);
    }
  }
};

template <typename... Columns>
struct flat_columns;
template <typename Columns>
class truncate_columns_unless_dismissed;

inline namespace DEFT_TAG {

template <typename Container, typename Arguments>
void append_from_tuple(Container& c, Arguments&& arguments) {
  if constexpr (std::tuple_size_v<std::remove_cvref_t<Arguments>> == 1) {
    detail::append_to(c, std::get<0>(std::forward<Arguments>(arguments)));
  } else {
    staged_from_tuple<Container> element(c, std::forward<Arguments>(arguments));
    detail::append_to(c, std::move(element.get()));
  }
}

}  // namespace DEFT_TAG

template <typename Keys>
struct flat_columns<Keys> {
  using keys_type = Keys;

  Keys keys;

  template <typename Alloc, typename From>
  DEFT_TAGGED static flat_columns under(const Alloc& alloc, From&& from) {
    return {std::make_obj_using_allocator<Keys>(alloc, std::forward<From>(from).keys)};
  }

  [[nodiscard]] DEFT_TAGGED flat_columns empty_ones() const { return {detail::empty_like(keys)}; }

  DEFT_TAGGED void check_lengths() const noexcept {}

  DEFT_TAGGED void clear() noexcept { keys.clear(); }

  DEFT_TAGGED void swap(flat_columns& other) noexcept(std::is_nothrow_swappable_v<Keys>) {
    keys.swap(other.keys);
  }

  DEFT_TAGGED void truncate(std::size_t n) noexcept { detail::truncate_column(keys, n); }

  [[nodiscard]] DEFT_TAGGED std::size_t shortest() const noexcept { return keys.size(); }

  /// Whether there is room here for less than the other has.
  [[nodiscard]] DEFT_TAGGED bool takes_less_than(const flat_columns& other) const noexcept {
    if constexpr (reservable<Keys>) return keys.capacity() < other.keys.size();
    return true;
  }

  DEFT_TAGGED flat_columns next_copy_of(const flat_columns& other) const {
    return {column_assignment<Keys>::copy_for(keys, other.keys)};
  }

  DEFT_TAGGED void assign_copy(flat_columns& next) { column_assignment<Keys>::assign_copy(keys, next.keys); }

  DEFT_TAGGED void take(flat_columns& other) {
    decltype(auto) next = column_assignment<Keys>::movable_for(keys, other.keys);
    column_assignment<Keys>::assign_moved(keys, next);
  }

  DEFT_TAGGED void assign(Keys&& other) { keys = std::move(other); }

  template <typename Part>
  DEFT_TAGGED void append(Part&& part) {
    detail::append_from_tuple(keys, std::forward<Part>(part));
  }
};

template <typename Keys, typename Values>
struct flat_columns<Keys, Values> {
  using keys_type = Keys;

  Keys keys;
  Values values;

  template <typename Alloc, typename From>
  DEFT_TAGGED static flat_columns under(const Alloc& alloc, From&& from) {
    return {std::make_obj_using_allocator<Keys>(alloc, std::forward<From>(from).keys),
            std::make_obj_using_allocator<Values>(alloc, std::forward<From>(from).values)};
  }

  [[nodiscard]] DEFT_TAGGED flat_columns empty_ones() const {
    return {detail::empty_like(keys), detail::empty_like(values)};
  }

  DEFT_TAGGED void check_lengths() const noexcept {
    DEFT_PRECONDITION(keys.size() == values.size(), "flat map: as many keys as values are needed");
  }

  DEFT_TAGGED void clear() noexcept {
    keys.clear();
    values.clear();
  }

  DEFT_TAGGED void swap(flat_columns& other) noexcept(std::is_nothrow_swappable_v<Keys> &&
                                                      std::is_nothrow_swappable_v<Values>) {
    keys.swap(other.keys);
    values.swap(other.values);
  }

  DEFT_TAGGED void truncate(std::size_t n) noexcept {
    detail::truncate_column(keys, n);
    detail::truncate_column(values, n);
  }

  [[nodiscard]] DEFT_TAGGED std::size_t shortest() const noexcept {
    return keys.size() < values.size() ? keys.size() : values.size();
  }

  [[nodiscard]] DEFT_TAGGED bool takes_less_than(const flat_columns& other) const noexcept {
    if constexpr (reservable<Keys> && reservable<Values>)
      return keys.capacity() < other.keys.size() || values.capacity() < other.values.size();
    return true;
  }

  DEFT_TAGGED flat_columns next_copy_of(const flat_columns& other) const {
    return {column_assignment<Keys>::copy_for(keys, other.keys),
            column_assignment<Values>::copy_for(values, other.values)};
  }

  DEFT_TAGGED void assign_copy(flat_columns& next) {
    column_assignment<Keys>::assign_copy(keys, next.keys);
    column_assignment<Values>::assign_copy(values, next.values);
  }

  DEFT_TAGGED void take(flat_columns& other) {
    decltype(auto) next_keys = column_assignment<Keys>::movable_for(keys, other.keys);
    decltype(auto) next_values = column_assignment<Values>::movable_for(values, other.values);
    column_assignment<Keys>::assign_moved(keys, next_keys);
    column_assignment<Values>::assign_moved(values, next_values);
  }

  DEFT_TAGGED void assign(Keys&& other_keys, Values&& other_values) {
    keys = std::move(other_keys);
    values = std::move(other_values);
  }

  template <typename KeyPart, typename ValuePart>
  DEFT_TAGGED void append(KeyPart&& key_part, ValuePart&& value_part) {
    truncate_columns_unless_dismissed<flat_columns> guard(*this, keys.size());
    detail::append_from_tuple(keys, std::forward<KeyPart>(key_part));
    detail::append_from_tuple(values, std::forward<ValuePart>(value_part));
    guard.dismiss();
  }
};

/// Leaves the columns equally long whatever happens, at most `keep`, unless dismissed.
template <typename Columns>
class truncate_columns_unless_dismissed {
 public:
  DEFT_TAGGED truncate_columns_unless_dismissed(Columns& columns, std::size_t keep) noexcept
      : columns_(&columns), keep_(keep) {}

  truncate_columns_unless_dismissed(const truncate_columns_unless_dismissed&) = delete;
  truncate_columns_unless_dismissed& operator=(const truncate_columns_unless_dismissed&) = delete;

  DEFT_TAGGED ~truncate_columns_unless_dismissed() {
    if (columns_ == nullptr) return;
    if (keep_ == 0) {
      columns_->clear();
    } else {
      const std::size_t shortest = columns_->shortest();
      columns_->truncate(shortest < keep_ ? shortest : keep_);
    }
  }

  DEFT_TAGGED void dismiss() noexcept { columns_ = nullptr; }

 private:
  Columns* columns_;
  std::size_t keep_;
};

/// A row outside its columns. The value is made first: where that fails, a key that would have been moved
/// from is still the caller's.
template <typename... Columns>
class flat_row;

template <typename Keys>
class flat_row<Keys> {
 public:
  template <typename KeyPart>
  DEFT_TAGGED flat_row(const flat_columns<Keys>& columns, KeyPart&& key_part)
      : key_(columns.keys, std::forward<KeyPart>(key_part)) {}

  DEFT_TAGGED auto& key() noexcept { return key_.get(); }

 private:
  staged_from_tuple<Keys> key_;
};

template <typename Keys, typename Values>
class flat_row<Keys, Values> {
 public:
  template <typename KeyPart, typename ValuePart>
  DEFT_TAGGED flat_row(const flat_columns<Keys, Values>& columns, KeyPart&& key_part, ValuePart&& value_part)
      : value_(columns.values, std::forward<ValuePart>(value_part)),
        key_(columns.keys, std::forward<KeyPart>(key_part)) {}

  DEFT_TAGGED auto& key() noexcept { return key_.get(); }

  DEFT_TAGGED auto& value() noexcept { return value_.get(); }

 private:
  staged_from_tuple<Values> value_;
  staged_from_tuple<Keys> key_;
};

inline namespace DEFT_TAG {

/// Changes all columns, or none where nothing that throws cannot be taken back.
/// @{
template <typename Keys, typename Change, typename Source>
void change_columns_from(flat_columns<Keys>& columns, const Change& change, Source& source) {
  column_change<Keys, Change, Source> keys(columns.keys, change, source);
  truncate_columns_unless_dismissed guard(columns, detail::first_changed(change));
  keys.apply();
  guard.dismiss();
}

template <typename Keys, typename Values, typename Change, typename KeySource, typename ValueSource>
void change_columns_from(flat_columns<Keys, Values>& columns, const Change& change, KeySource& key_source,
                         ValueSource& value_source) {
  column_change<Keys, Change, KeySource> keys(columns.keys, change, key_source);
  column_change<Values, Change, ValueSource> values(columns.values, change, value_source);
  truncate_columns_unless_dismissed guard(columns, detail::first_changed(change));
  keys.apply();
  values.apply();
  guard.dismiss();
}

/// @}

template <typename... Columns, typename Change>
void change_columns(flat_columns<Columns...>& columns, const Change& change) {
  no_source none;
  if constexpr (sizeof...(Columns) == 1) {
    detail::change_columns_from(columns, change, none);
  } else {
    detail::change_columns_from(columns, change, none, none);
  }
}

template <typename... Columns>
void change_columns(flat_columns<Columns...>& columns, const insertion& change, flat_row<Columns...>& row) {
  if constexpr (sizeof...(Columns) == 1) {
    detail::change_columns_from(columns, change, row.key());
  } else {
    detail::change_columns_from(columns, change, row.key(), row.value());
  }
}

template <typename... Columns>
void change_columns(flat_columns<Columns...>& columns, const merging& change,
                    flat_columns<Columns...>& batch) {
  if constexpr (sizeof...(Columns) == 1) {
    detail::change_columns_from(columns, change, batch.keys);
  } else {
    detail::change_columns_from(columns, change, batch.keys, batch.values);
  }
}

}  // namespace DEFT_TAG
}  // namespace deft::detail
