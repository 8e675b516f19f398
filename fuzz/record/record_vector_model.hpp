// What deft::record_vector must do, as a vector of structs, and a driver that applies the same operations to
// both. Unit tests, corpus replay and the fuzzer share it.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <ranges>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/record/fields.hpp"
#include "deft/record/record_vector.hpp"

#include "fuzz/op_source.hpp"

namespace deft_fuzz {

enum class colour : std::uint8_t { red, green, blue, white, black };

struct pair {
  std::int16_t a;
  std::int16_t b;
  bool operator==(const pair&) const = default;
};

/// Every kind of column.
struct item {
  std::int32_t serial;
  deft::bounded<int, -3, 12> level;
  deft::bounded<std::int64_t, 1000, 70000> size;
  bool flag;
  double price;
  std::optional<std::int16_t> count;
  std::string name;
  deft::bounded_enum<colour, colour::black> shade;
  std::optional<bool> answer;
  std::optional<std::string> note;
  std::optional<deft::bounded<int, 5, 9>> grade;
  pair both;
  colour plain;

  bool operator==(const item&) const = default;
};

using some_packed = deft::bit_packed<&item::level, &item::size, &item::shade, &item::grade>;

/// Without texts, which take other ways through the code.
struct plain_item {
  std::int32_t serial;
  deft::bounded<int, -3, 12> level;
  bool flag;
  double price;
  std::optional<std::int16_t> count;
  std::optional<bool> answer;

  bool operator==(const plain_item&) const = default;
};

using plain_packed = deft::bit_packed<&plain_item::level>;

/// Applies operations read from `in` to a table and to a vector.
template <typename T, typename Layout, typename Allocator = std::allocator<T>>
class record_vector_driver {
  using table = deft::record_vector<T, Layout, Allocator>;
  static constexpr bool texts = std::is_same_v<T, item>;
  static constexpr int operations = 34;
  static constexpr int most = 600;  // rows: several words of bits, and a reallocation or two

 public:
  explicit record_vector_driver(op_source& in, const Allocator& alloc = Allocator()) : in_(in), v_(alloc) {}

  /// @returns The number of operations applied.
  long run() {
    long count = 0;
    for (; !in_.empty(); ++count) {
      if (model_.size() > most) {
        v_.resize(most / 2);
        model_.resize(most / 2);
      }
      change();
      compare_all();
    }
    for (const auto& [shared, seen] : shared_) check_same(shared, seen);
    return count;
  }

 private:
  // --- values ----------------------------------------------------------------------------------------------

  std::string next_text() {
    const int size = in_.below(8) == 7 ? in_.below(200) : in_.below(12);
    return std::string(static_cast<std::size_t>(size), static_cast<char>('a' + in_.below(26)));
  }

  double next_price() {
    constexpr std::array prices{0.0, -0.0, 1.5, -2.25, 1e300, -1e300, 0.125};
    return prices[static_cast<std::size_t>(in_.below(7))];
  }

  T next() {
    T x{};
    x.serial = serial_++;
    x.level = in_.below(16) - 3;
    x.flag = in_.below(2) == 0;
    x.price = next_price();
    if (in_.below(3) != 0) x.count = static_cast<std::int16_t>(in_.below(20) - 10);
    if (const int answer = in_.below(3); answer != 0) x.answer = answer == 1;
    if constexpr (texts) {
      x.size = 1000 + in_.below(69001);
      x.name = next_text();
      x.shade = static_cast<colour>(in_.below(5));
      if (in_.below(2) == 0) x.note = next_text();
      if (in_.below(2) == 0) x.grade = 5 + in_.below(5);
      x.both = {static_cast<std::int16_t>(in_.below(9)), static_cast<std::int16_t>(-in_.below(9))};
      x.plain = static_cast<colour>(in_.below(5));
    }
    return x;
  }

  std::vector<T> next_batch() {
    std::vector<T> batch(static_cast<std::size_t>(in_.below(4) == 0 ? in_.below(150) : in_.below(6)));
    // One random row, the others after it: a batch of 150 would use up the input.
    if (!batch.empty()) batch[0] = next();
    for (std::size_t i = 1; i < batch.size(); ++i) {
      batch[i] = batch[i - 1];
      batch[i].serial = serial_++;
      batch[i].level = (batch[i - 1].level + 4) % 16 - 3;
      batch[i].flag = i % 3 == 0;
      if (i % 4 == 1) batch[i].count.reset();
      if constexpr (texts) batch[i].name.resize(i % 19, 'z');
    }
    return batch;
  }

  /// A position up to the end.
  std::size_t position() { return static_cast<std::size_t>(in_.below(static_cast<int>(model_.size()) + 1)); }

  /// The position of a row; there is one.
  std::size_t row() { return static_cast<std::size_t>(in_.below(static_cast<int>(model_.size()))); }

  auto at(std::size_t i) const { return v_.cbegin() + static_cast<std::ptrdiff_t>(i); }

  auto model_at(std::size_t i) { return model_.begin() + static_cast<std::ptrdiff_t>(i); }

  // --- operations ------------------------------------------------------------------------------------------

  void change() {
    const int operation = in_.below(operations);
    if (operation < 8) {
      add(operation);
    } else if (operation < 14) {
      remove(operation);
    } else if (operation < 21) {
      write(operation);
    } else if (operation < 28) {
      rearrange(operation);
    } else {
      exchange(operation);
    }
  }

  void add(int operation) {
    switch (operation) {
      case 0:
      case 1: {
        const T x = next();
        v_.push_back(x);
        model_.push_back(x);
        break;
      }
      case 2: {
        const std::size_t i = position();
        const T x = next();
        const auto it = v_.insert(at(i), x);
        DEFT_FUZZ_CHECK(it - v_.begin() == static_cast<std::ptrdiff_t>(i));
        model_.insert(model_at(i), x);
        break;
      }
      case 3: {
        const std::size_t i = position();
        const auto count = static_cast<std::size_t>(in_.below(100));
        const T x = next();
        v_.insert(at(i), count, x);
        model_.insert(model_at(i), count, x);
        break;
      }
      case 4: {
        const std::size_t i = position();
        const auto batch = next_batch();
        v_.insert_range(at(i), batch);
        model_.insert(model_at(i), batch.begin(), batch.end());
        break;
      }
      case 5: {
        const auto batch = next_batch();
        if (in_.below(2) == 0) {
          v_.append_range(batch);
        } else {
          const table other(batch.begin(), batch.end(), v_.get_allocator());
          v_.append(other);
        }
        model_.insert(model_.end(), batch.begin(), batch.end());
        break;
      }
      case 6: {  // from itself
        const std::size_t i = position();
        std::size_t first = position();
        std::size_t last = position();
        if (first > last) std::swap(first, last);
        if (last - first > 100) last = first + 100;
        const std::vector<T> part(model_at(first), model_at(last));
        if (in_.below(2) == 0) {
          v_.insert(at(i), at(first), at(last));
          model_.insert(model_at(i), part.begin(), part.end());
        } else {
          v_.append_range(std::ranges::subrange(at(first), at(last)));
          model_.insert(model_.end(), part.begin(), part.end());
        }
        break;
      }
      default: {
        const auto size = static_cast<std::size_t>(in_.below(most));
        const T x = next();
        v_.resize(size, x);
        model_.resize(size, x);
      }
    }
  }

  void remove(int operation) {
    switch (operation) {
      case 8: {
        if (model_.empty()) break;
        const std::size_t i = row();
        v_.erase(at(i));
        model_.erase(model_at(i));
        break;
      }
      case 9: {
        std::size_t first = position();
        std::size_t last = position();
        if (first > last) std::swap(first, last);
        const auto it = v_.erase(at(first), at(last));
        DEFT_FUZZ_CHECK(it - v_.begin() == static_cast<std::ptrdiff_t>(first));
        model_.erase(model_at(first), model_at(last));
        break;
      }
      case 10: {
        const std::size_t i = position();
        const std::size_t j = i + static_cast<std::size_t>(in_.below(200));
        const std::size_t last = std::min(j, model_.size());
        DEFT_FUZZ_CHECK(v_.erase_range(i, j) == last - i);
        model_.erase(model_at(i), model_at(last));
        break;
      }
      case 11: {
        const int divisor = in_.below(6) + 1;
        const auto gone = std::erase_if(model_, [&](const T& x) { return x.serial % divisor == 0; });
        const auto of_row = [&](auto r) { return r.template get<&T::serial>() % divisor == 0; };
        DEFT_FUZZ_CHECK(erase_if(v_, of_row) == gone);
        break;
      }
      case 12:
        if (model_.empty()) break;
        v_.pop_back();
        model_.pop_back();
        break;
      default:
        if (in_.below(4) != 0) break;
        v_.clear();
        model_.clear();
    }
  }

  void write(int operation) {
    if (model_.empty()) return;
    const std::size_t i = row();
    switch (operation) {
      case 14: {
        const T x = next();
        v_[i] = x;
        model_[i] = x;
        break;
      }
      case 15: {
        const std::size_t j = row();
        v_[i] = v_[j];
        model_[i] = model_[j];
        break;
      }
      case 16: {
        const std::size_t j = row();
        swap(v_[i], v_[j]);
        std::swap(model_[i], model_[j]);
        break;
      }
      case 17: {
        const T x = next();
        v_.template set<&T::level>(i, x.level);
        v_[i].template set_many<&T::flag, &T::count, &T::answer>(x.flag, x.count, x.answer);
        v_[i].template get<&T::price>() = x.price;
        model_[i].level = x.level;
        model_[i].flag = x.flag;
        model_[i].count = x.count;
        model_[i].answer = x.answer;
        model_[i].price = x.price;
        if constexpr (texts) {
          v_.template set<&T::note>(i, x.note);
          v_.template set<&T::size>(i, x.size.value());
          v_.template set<&T::shade>(i, x.shade.value());
          model_[i].note = x.note;
          model_[i].size = x.size;
          model_[i].shade = x.shade;
        }
        break;
      }
      case 18: {
        bool thrown = false;
        try {
          v_.template set<&T::level>(i, in_.below(2) == 0 ? 13 : -4);
        } catch (const std::out_of_range&) {
          thrown = true;
        }
        DEFT_FUZZ_CHECK(thrown);
        break;
      }
      case 19:
        if constexpr (texts) {
          // Its own characters, or a neighbour's, as the source.
          const std::size_t j = row();
          if (in_.below(2) == 0) {
            v_.template set<&T::name>(i, std::as_const(v_)[j].template get<&T::name>());
            model_[i].name = std::string(model_[j].name);
          } else {
            const std::string text = next_text();
            v_.template set<&T::name>(i, text);
            model_[i].name = text;
          }
        }
        break;
      default: {
        const auto batch = next_batch();
        const std::size_t count = std::min(batch.size(), model_.size() - i);
        const auto part =
            std::ranges::subrange(batch.begin(), batch.begin() + static_cast<std::ptrdiff_t>(count));
        v_.template set_column<&T::level>(i, part | std::views::transform(&T::level));
        v_.template set_column<&T::count>(i, part | std::views::transform(&T::count));
        if constexpr (texts) v_.template set_column<&T::name>(i, part | std::views::transform(&T::name));
        for (std::size_t n = 0; n < count; ++n) {
          model_[i + n].level = batch[n].level;
          model_[i + n].count = batch[n].count;
          if constexpr (texts) model_[i + n].name = batch[n].name;
        }
      }
    }
  }

  void rearrange(int operation) {
    switch (operation) {
      case 21:
        sort_by_key([](const T& x) { return x.price; }, [&] { v_.template sort_by<&T::price>(); });
        break;
      case 22:
        sort_by_key([](const T& x) { return std::tuple(x.count, x.level.value()); },
                    [&] { v_.template sort_by<&T::count, &T::level>(); });
        break;
      case 23:
        std::ranges::stable_sort(model_, std::ranges::greater{}, [](const T& x) { return x.answer; });
        v_.template sort_by<&T::answer>(std::ranges::greater{});
        break;
      case 24:
        if constexpr (texts) {
          if (in_.below(2) == 0) {
            sort_by_key([](const T& x) { return x.name; }, [&] { v_.template sort_by<&T::name>(); });
          } else {
            sort_by_key([](const T& x) { return x.note; }, [&] { v_.template sort_by<&T::note>(); });
          }
        }
        break;
      case 25: {
        if (model_.size() > 100) break;
        const auto ascending = [](int a, int b) { return a < b; };
        std::ranges::stable_sort(model_, ascending, deft::project<&T::serial>);
        if (std::ranges::adjacent_find(model_, {}, &T::serial) == model_.end()) {
          std::ranges::sort(v_, ascending, deft::project<&T::serial>);
        } else {
          std::ranges::stable_sort(v_, ascending, deft::project<&T::serial>);
        }
        break;
      }
      case 26: {
        if (model_.empty()) break;
        const std::size_t step = row();
        std::vector<std::uint32_t> order(model_.size());
        for (std::size_t i = 0; i < order.size(); ++i) {
          order[i] = static_cast<std::uint32_t>((i + step) % order.size());
        }
        v_.permute(order);
        std::rotate(model_.begin(), model_at(step), model_.end());
        break;
      }
      default: {
        if (model_.empty()) break;
        std::vector<std::size_t> rows;
        for (int n = in_.below(90); n > 0; --n) rows.push_back(row());
        std::vector<T> taken;
        for (const std::size_t i : rows) taken.push_back(model_[i]);
        check_same(v_.take(rows), taken);
      }
    }
  }

  template <typename Key, typename Sort>
  void sort_by_key(Key key, Sort sort) {
    std::ranges::stable_sort(model_, std::ranges::less{}, key);
    sort();
  }

  void exchange(int operation) {
    switch (operation) {
      case 28:
        v_.reserve(static_cast<std::size_t>(in_.below(2 * most)));
        break;
      case 29:
        v_.shrink_to_fit();
        break;
      case 30: {
        table other(v_);
        check_same(other, model_);
        DEFT_FUZZ_CHECK(other == v_);
        v_ = table(v_.get_allocator());
        v_ = std::move(other);
        break;
      }
      case 31: {
        if (shared_.size() > 4) shared_.erase(shared_.begin());
        shared_.emplace_back(v_.share(), model_);
        const auto& shared = shared_.back().first;
        if (!model_.empty()) {
          DEFT_FUZZ_CHECK(shared.template column<&T::price>().data() ==
                          std::as_const(v_).template column<&T::price>().data());
        }
        check_padding(shared);
        break;
      }
      case 32:
        if (!shared_.empty()) {
          check_same(shared_.front().first, shared_.front().second);
          shared_.erase(shared_.begin());
        }
        break;
      default: {
        table other(v_.get_allocator());
        other.push_back(next());
        swap(v_, other);
        swap(v_, other);
      }
    }
  }

  // --- comparing -------------------------------------------------------------------------------------------

  static bool same(const T& a, const T& b) {
    return a == b && std::signbit(a.price) == std::signbit(b.price);
  }

  template <typename Table>
  static void check_same(const Table& v, const std::vector<T>& model) {
    DEFT_FUZZ_CHECK(v.size() == model.size());
    for (std::size_t i = 0; i < model.size(); ++i) DEFT_FUZZ_CHECK(same(T(v[i]), model[i]));
  }

  template <typename Shared>
  static void check_padding(const Shared& shared) {
    if constexpr (texts) {
      const auto names = shared.template column<&T::name>();
      DEFT_FUZZ_CHECK(names.in_order());
      const auto offsets = names.offsets();
      for (std::size_t i = 0; i < names.size(); ++i) {
        DEFT_FUZZ_CHECK(offsets[i + 1] - offsets[i] == static_cast<std::int64_t>(names[i].size()));
        DEFT_FUZZ_CHECK(names.characters().data() + offsets[i] == names[i].data());
      }
      if (!names.empty()) {
        DEFT_FUZZ_CHECK(offsets.back() == static_cast<std::int64_t>(names.characters().size()));
      }
    }
    const auto prices = shared.template column<&T::price>();
    for (std::size_t i = prices.size(); i % 8 != 0; ++i) {
      DEFT_FUZZ_CHECK(std::bit_cast<std::uint64_t>(prices.data()[i]) == 0);
    }
  }

  void compare_all() {
    const table& v = v_;
    DEFT_FUZZ_CHECK(v.capacity() >= v.size() && v.empty() == model_.empty());
    check_same(v, model_);
    const auto levels = v.template column<&T::level>();
    const auto flags = v.template column<&T::flag>();
    const auto counted = v.template validity<&T::count>();
    const auto counts = v.template column<&T::count>();
    std::size_t set = 0;
    for (std::size_t i = 0; i < model_.size(); ++i) {
      DEFT_FUZZ_CHECK(levels[i] == model_[i].level);
      DEFT_FUZZ_CHECK(flags[i] == model_[i].flag);
      DEFT_FUZZ_CHECK(counted[i] == model_[i].count.has_value() && counts[i] == model_[i].count.value_or(0));
      set += model_[i].flag ? 1 : 0;
    }
    DEFT_FUZZ_CHECK(flags.count() == set);
    if constexpr (requires { levels.decode(0, {}); }) {
      std::vector<typename decltype(levels)::value_type> decoded(levels.size());
      levels.decode(0, decoded);
      for (std::size_t i = 0; i < model_.size(); ++i) DEFT_FUZZ_CHECK(decoded[i] == model_[i].level);
      if (!model_.empty()) {
        const std::size_t first = row();
        decoded.resize(model_.size() - first);
        levels.decode(first, decoded);
        for (std::size_t i = 0; i < decoded.size(); ++i) {
          DEFT_FUZZ_CHECK(decoded[i] == model_[first + i].level);
        }
      }
    }
  }

  op_source& in_;
  table v_;
  std::vector<T> model_;
  std::vector<std::pair<deft::shared_table<T, Layout>, std::vector<T>>> shared_;
  std::int32_t serial_ = 0;
};

}  // namespace deft_fuzz
