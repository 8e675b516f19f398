// flat_driver.hpp, and what maps have beyond it.
#pragma once

#include <stdexcept>
#include <string_view>
#include <type_traits>
#include <utility>

#include "fuzz/sorted/flat_driver.hpp"

namespace deft_fuzz {

/// `Container` is a flat_map or flat_multimap of `Keys`.
template <typename Container, typename Keys>
class flat_map_driver : flat_driver<Container, Keys> {
  using base = flat_driver<Container, Keys>;
  using base::c_, base::in_, base::model_, base::placed, base::mapped;
  using typename base::key_type;
  using mapped_type = typename Container::mapped_type;
  static constexpr int map_operations = base::is_unique ? 10 : 2;

 public:
  explicit flat_map_driver(op_source& in) : base(in) {}

  /// @returns The number of operations applied.
  long run() {
    return base::apply([this] {
      const int operation = in_.below(base::operations + map_operations);
      if (operation < base::operations) {
        base::change(operation);
      } else if (operation < base::operations + 2) {
        write_value(operation % 2 == 0);
      } else if constexpr (base::is_unique) {
        change_by_key(operation - base::operations - 2);
      }
    });
  }

 private:
  /// Through an iterator, and by the reference that a lookup gives.
  void write_value(bool by_position) {
    if (model_.size() == 0) return;
    const int i = in_.below(model_.size());
    flat_row& row = model_.rows[i];
    row.value = base::next_row().value;
    if constexpr (base::is_unique) {
      if (!by_position) {
        c_.at(Keys::make(row)) = mapped(row.value);
        return;
      }
    }
    c_.nth(i)->second = mapped(row.value);
  }

  flat_placed assign_near(int hint, flat_row row) {
    const flat_placed place = model_.insert_near(hint, row);
    model_.rows[place.at].value = row.value;
    return place;
  }

  void change_by_key(int operation) {
    const flat_row row = base::next_row();
    const int hint = base::position();
    switch (operation) {
      case 0:
        if constexpr (std::is_copy_constructible_v<key_type>) {
          const key_type key = Keys::make(row);
          if (hint % 2 == 0) {
            placed(c_.try_emplace(key, mapped(row.value)), model_.insert(row));
          } else {
            placed(c_.try_emplace(c_.nth(hint), key, mapped(row.value)), model_.insert_near(hint, row));
          }
        }
        break;
      case 1: {
        key_type key = Keys::make(row);
        mapped_type value = mapped(row.value);
        const bool there = model_.holds(row.key);
        if (hint % 2 == 0) {
          placed(c_.try_emplace(std::move(key), std::move(value)), model_.insert(row));
        } else {
          placed(c_.try_emplace(c_.nth(hint), std::move(key), std::move(value)),
                 model_.insert_near(hint, row));
        }
        // Not moved from where nothing was inserted.
        if (there)
          DEFT_FUZZ_CHECK(Keys::same(key, row) && mapped_values<mapped_type>::same(value, row.value));
        break;
      }
      case 2:
        if constexpr (std::is_copy_constructible_v<key_type>) {
          const key_type key = Keys::make(row);
          if (hint % 2 == 0) {
            placed(c_.insert_or_assign(key, mapped(row.value)), assign_near(model_.size(), row));
          } else {
            placed(c_.insert_or_assign(c_.nth(hint), key, mapped(row.value)), assign_near(hint, row));
          }
        }
        break;
      case 3:
        if (hint % 2 == 0) {
          placed(c_.insert_or_assign(Keys::make(row), mapped(row.value)), assign_near(model_.size(), row));
        } else {
          placed(c_.insert_or_assign(c_.nth(hint), Keys::make(row), mapped(row.value)),
                 assign_near(hint, row));
        }
        break;
      case 4:
        if constexpr (std::is_default_constructible_v<mapped_type>) subscript(row, hint % 2 == 0);
        break;
      case 5:
        check_at(row);
        break;
      default:
        if constexpr (base::transparent) change_by_text(operation, row, hint);
    }
  }

  void subscript(flat_row row, bool assigns) {
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
      value = mapped(row.value);
      assign_near(0, row);
    }
  }

  void check_at(flat_row row) {
    const key_type key = Keys::make(row);
    try {
      const mapped_type& value = std::as_const(c_).at(key);
      DEFT_FUZZ_CHECK(model_.holds(row.key) && &value == &c_.at(key));
      DEFT_FUZZ_CHECK(&value == &c_.values()[static_cast<std::size_t>(model_.left(row.key))]);
    } catch (const std::out_of_range&) {
      DEFT_FUZZ_CHECK(!model_.holds(row.key));
    }
  }

  /// By a needle that is not a key.
  void change_by_text(int operation, flat_row row, int hint) {
    const key_type text = Keys::make(row);
    const std::string_view key = text;
    if (operation == 6) {
      if (hint % 2 == 0) {
        placed(c_.try_emplace(key, mapped(row.value)), model_.insert(row));
      } else {
        placed(c_.try_emplace(c_.nth(hint), key, mapped(row.value)), model_.insert_near(hint, row));
      }
    } else if (hint % 3 == 0) {
      placed(c_.insert_or_assign(key, mapped(row.value)), assign_near(model_.size(), row));
    } else if (hint % 3 == 1) {
      placed(c_.insert_or_assign(c_.nth(hint), key, mapped(row.value)), assign_near(hint, row));
    } else {
      c_[key] = mapped(row.value);
      assign_near(0, row);
      DEFT_FUZZ_CHECK(&c_.at(key) == &std::as_const(c_).at(key));
    }
  }
};

}  // namespace deft_fuzz
