// The kinds of keys and values that the trees are tested with. make() keeps the order of the rows' keys,
// which are below tree_key_limit; same() compares all that a key holds.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

#include "fuzz/sorted/tree_model.hpp"
#include "tests/support_types/elements.hpp"

namespace deft_fuzz {

inline constexpr int tree_key_limit = 50'000;

/// Numbers, in their own order or, under std::greater, against it. Unsigned ones use the top bit, signed ones
/// are negative for key 20 and what is before it, and of doubles key 21 is both zeros.
template <typename T, typename Compare = std::less<T>>
struct tree_numbers {
  using type = T;
  using compare = Compare;
  static constexpr bool backwards = std::is_same_v<Compare, std::greater<T>>;
  static constexpr int zero = 21;

  static T make(tree_row row) {
    const int number = backwards ? tree_key_limit - row.key : row.key;
    if constexpr (std::is_unsigned_v<T>) {
      return static_cast<T>(static_cast<T>(number) << (sizeof(T) * 8 - 16));
    } else if constexpr (std::is_floating_point_v<T>) {
      if (number == zero && row.serial % 2 != 0) return -T(0);
      return static_cast<T>(number - zero) / 4;
    } else {
      return static_cast<T>(static_cast<T>(number - zero) * (T(1) << (sizeof(T) * 8 - 17)));
    }
  }

  static int key(T x) {
    const int number = [&] {
      if constexpr (std::is_unsigned_v<T>) {
        return static_cast<int>(x >> (sizeof(T) * 8 - 16));
      } else if constexpr (std::is_floating_point_v<T>) {
        return static_cast<int>(x * 4) + zero;
      } else {
        return static_cast<int>(x / (T(1) << (sizeof(T) * 8 - 17))) + zero;
      }
    }();
    return backwards ? tree_key_limit - number : number;
  }

  static bool same(T x, tree_row row) {
    if constexpr (std::is_floating_point_v<T>)
      return x == make(row) && std::signbit(x) == std::signbit(make(row));
    return x == make(row);
  }
};

/// The words of up to six of these letters, the empty one first, in the order of their bytes.
struct tree_words {
  static constexpr std::string_view letters{"\0\1am\x7f\xff", 6};
  static constexpr std::size_t longest = 6;

  /// Words that begin with a given one of `length` letters, itself included.
  static constexpr int words_from(std::size_t length) {
    int count = 1;
    for (; length < longest; ++length) count = count * static_cast<int>(letters.size()) + 1;
    return count;
  }

  static void append(std::string& text, int number) {
    for (std::size_t length = 1; number != 0; ++length) {
      const int below = words_from(length);
      text.push_back(letters[static_cast<std::size_t>((number - 1) / below)]);
      number = (number - 1) % below;
    }
  }

  static int number(std::string_view text) {
    int result = 0;
    for (std::size_t length = 1; length <= text.size(); ++length)
      result += 1 + static_cast<int>(letters.find(text[length - 1])) * words_from(length);
    return result;
  }
};

static_assert(tree_words::words_from(0) > tree_key_limit);

/// Short words with all bytes, zeros included, looked up by std::string_view, too.
struct tree_short_text {
  using type = std::string;
  using compare = std::less<>;

  static std::string make(tree_row row) {
    std::string text;
    tree_words::append(text, row.key);
    return text;
  }

  static int key(std::string_view x) { return tree_words::number(x); }

  static bool same(std::string_view x, tree_row row) { return x == make(row); }
};

/// Strings on the heap that have much in common at their beginning: less where keys lie far apart.
struct tree_long_text {
  using type = std::string;
  using compare = std::less<std::string>;
  static constexpr std::string_view all = "https://example.org/what/all/have/in/common/";
  static constexpr int a_group = 2000;

  static std::string make(tree_row row) {
    std::string text(all);
    text.push_back(static_cast<char>('A' + row.key / a_group));
    text += "/what/a/group/has/in/common/";
    tree_words::append(text, row.key % a_group);
    return text;
  }

  static int key(std::string_view x) {
    const std::size_t behind = make({0, 0}).size();
    return (x[all.size()] - 'A') * a_group + tree_words::number(x.substr(behind));
  }

  static bool same(std::string_view x, tree_row row) { return x == make(row); }
};

/// Views of strings that live as long as the program.
struct tree_views {
  using type = std::string_view;
  using compare = std::less<std::string_view>;

  static std::string_view make(tree_row row) {
    static std::array<std::unique_ptr<const std::string>, tree_key_limit> texts;
    auto& text = texts[static_cast<std::size_t>(row.key)];
    if (text == nullptr) text = std::make_unique<const std::string>(tree_long_text::make(row));
    return *text;
  }

  static int key(std::string_view x) { return tree_long_text::key(x); }

  static bool same(std::string_view x, tree_row row) { return x == make(row); }
};

/// A hundred keys at once: under a transparent order a needle may be equivalent to several unique keys.
struct century {
  int number;
};

/// Small and trivially copyable, ordered by a part.
struct tree_record {
  std::uint32_t key;
  int serial;

  friend bool operator==(const tree_record&, const tree_record&) = default;
};

struct tree_records {
  using type = tree_record;

  struct compare {
    using is_transparent = void;

    bool operator()(tree_record a, tree_record b) const { return a.key < b.key; }

    bool operator()(tree_record a, century b) const { return static_cast<int>(a.key / 100) < b.number; }

    bool operator()(century a, tree_record b) const { return a.number < static_cast<int>(b.key / 100); }
  };

  static tree_record make(tree_row row) { return {static_cast<std::uint32_t>(row.key), row.serial}; }

  static int key(tree_record x) { return static_cast<int>(x.key); }

  static bool same(tree_record x, tree_row row) { return x == make(row); }
};

/// Element types that make life hard, from tests/support_types.
template <typename T>
struct tree_hard_keys {
  using type = T;
  using compare = deft_test::by_key;

  static T make(tree_row row) { return T(row.key, row.serial); }

  static int key(const T& x) { return x.key; }

  static bool same(const T& x, tree_row row) {
    if constexpr (requires { x.is_aligned(); }) {
      if (!x.is_aligned()) return false;
    }
    return x.key == row.key && x.serial == row.serial;
  }
};

}  // namespace deft_fuzz
