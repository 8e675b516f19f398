// What tree_driver.hpp leaves to sorted_map.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "fuzz/sorted/tree_driver.hpp"

namespace deft_fuzz {

template <typename Container, typename Keys>
class tree_map_driver : public tree_driver<Container, Keys> {
  using base = tree_driver<Container, Keys>;
  using base::c_, base::in_, base::model_, base::placed, base::same;
  using questions = typename base::questions;
  using typename base::key_type;
  using mapped_type = typename Container::mapped_type;
  using values = mapped_values<mapped_type>;
  static constexpr int map_operations = 12;

 public:
  using base::base;

  /// @returns The number of operations applied.
  long run() {
    return base::apply([this] {
      const int operation = in_.below(base::operations + map_operations);
      if (operation < base::operations) {
        base::change(operation);
      } else {
        change_by_key(operation - base::operations);
      }
    });
  }

 private:
  tree_placed assign_near(std::size_t hint, tree_row row) {
    const tree_placed place = model_.insert_near(hint, row);
    model_.rows[place.at].value = row.value;
    return place;
  }

  void change_by_key(int operation) {
    const tree_row row = base::next_row();
    const std::size_t hint = base::position();
    switch (operation) {
      case 0:
        if constexpr (std::is_copy_constructible_v<key_type>) {
          const key_type key = Keys::make(row);
          if (hint % 2 == 0) {
            placed(c_.try_emplace(key, values::make(row.value)), model_.insert(row));
          } else {
            placed(c_.try_emplace(base::at(hint), key, values::make(row.value)),
                   model_.insert_near(hint, row));
          }
        }
        break;
      case 1: {
        key_type key = Keys::make(row);
        mapped_type value = values::make(row.value);
        const bool there = model_.holds(row.key);
        if (hint % 2 == 0) {
          placed(c_.try_emplace(std::move(key), std::move(value)), model_.insert(row));
        } else {
          placed(c_.try_emplace(base::at(hint), std::move(key), std::move(value)),
                 model_.insert_near(hint, row));
        }
        // Not moved from where nothing was inserted.
        if (there) DEFT_FUZZ_CHECK(Keys::same(key, row) && values::same(value, row.value));
        break;
      }
      case 2:
        if constexpr (std::is_copy_constructible_v<key_type>) {
          const key_type key = Keys::make(row);
          if (hint % 2 == 0) {
            placed(c_.insert_or_assign(key, values::make(row.value)), assign_near(model_.size(), row));
          } else {
            placed(c_.insert_or_assign(base::at(hint), key, values::make(row.value)), assign_near(hint, row));
          }
        }
        break;
      case 3:
        if (hint % 2 == 0) {
          placed(c_.insert_or_assign(Keys::make(row), values::make(row.value)),
                 assign_near(model_.size(), row));
        } else {
          placed(c_.insert_or_assign(base::at(hint), Keys::make(row), values::make(row.value)),
                 assign_near(hint, row));
        }
        break;
      case 4:
        if constexpr (std::is_default_constructible_v<mapped_type>) subscript(row, hint % 2 == 0);
        break;
      case 5:
        check_at(row);
        break;
      case 6:
      case 7:
        write_value(row.value, operation == 6);
        break;
      case 8:
        pop(row);
        break;
      case 9:
        pop_item();
        break;
      case 10:
        check_columns();
        break;
      default:
        if constexpr (questions::takes_views) change_by_text(row, hint);
    }
  }

  void subscript(tree_row row, bool assigns) {
    const bool there = model_.holds(row.key);
    key_type key = Keys::make(row);
    mapped_type& value = [&]() -> mapped_type& {
      if constexpr (std::is_copy_constructible_v<key_type>) {
        if (row.serial % 2 == 0) return c_[key];
      }
      return c_[std::move(key)];
    }();
    if (!there) DEFT_FUZZ_CHECK(value == mapped_type());
    if (!there || assigns) {
      value = values::make(row.value);
      assign_near(0, row);
    }
  }

  void check_at(tree_row row) {
    const key_type key = Keys::make(row);
    try {
      const mapped_type& value = std::as_const(c_).at(key);
      DEFT_FUZZ_CHECK(model_.holds(row.key) && &value == &c_.at(key));
      DEFT_FUZZ_CHECK(values::same(value, model_.rows[model_.left(row.key)].value));
    } catch (const std::out_of_range&) {
      DEFT_FUZZ_CHECK(!model_.holds(row.key));
    }
  }

  /// Through an iterator, and by the reference that a lookup gives.
  void write_value(int value, bool by_position) {
    if (model_.size() == 0) return;
    const std::size_t i = base::below(model_.size());
    tree_row& row = model_.rows[i];
    row.value = value;
    if (by_position) {
      c_.nth(i)->second = values::make(value);
    } else {
      c_.at(Keys::make(row)) = values::make(value);
    }
  }

  void pop(tree_row row) {
    const std::size_t i = model_.left(row.key);
    try {
      const mapped_type value = c_.pop(Keys::make(row));
      DEFT_FUZZ_CHECK(model_.holds(row.key) && values::same(value, model_.rows[i].value));
      model_.erase(i, i + 1);
    } catch (const std::out_of_range&) {
      DEFT_FUZZ_CHECK(!model_.holds(row.key));
    }
  }

  void pop_item() {
    if (model_.size() == 0) return;
    const std::size_t i = base::below(model_.size());
    if (i % 4 == 0) {
      DEFT_FUZZ_CHECK(same(c_.popitem(), model_.rows.back()));
      model_.rows.pop_back();
    } else {
      DEFT_FUZZ_CHECK(same(c_.popitem(i), model_.rows[i]));
      model_.erase(i, i + 1);
    }
  }

  void check_columns() {
    std::size_t i = 0;
    for (const key_type& key : std::as_const(c_).keys()) DEFT_FUZZ_CHECK(Keys::same(key, model_.rows[i++]));
    DEFT_FUZZ_CHECK(i == model_.size());
    i = 0;
    for (const mapped_type& value : std::as_const(c_).values())
      DEFT_FUZZ_CHECK(values::same(value, model_.rows[i++].value));
    DEFT_FUZZ_CHECK(i == model_.size());
  }

  /// By a needle that is not a key.
  void change_by_text(tree_row row, std::size_t hint) {
    const key_type text = Keys::make(row);
    const std::string_view key = text;
    switch (hint % 5) {
      case 0:
        placed(c_.try_emplace(key, values::make(row.value)), model_.insert(row));
        break;
      case 1:
        placed(c_.try_emplace(base::at(hint), key, values::make(row.value)), model_.insert_near(hint, row));
        break;
      case 2:
        placed(c_.insert_or_assign(key, values::make(row.value)), assign_near(model_.size(), row));
        break;
      case 3:
        placed(c_.insert_or_assign(base::at(hint), key, values::make(row.value)), assign_near(hint, row));
        break;
      default:
        c_[key] = values::make(row.value);
        assign_near(0, row);
        DEFT_FUZZ_CHECK(&c_.at(key) == &std::as_const(c_).at(key));
    }
  }
};

}  // namespace deft_fuzz
