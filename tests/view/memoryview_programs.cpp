// Makes up programs on views, runs them on any_view, and prints them with what came out, for
// memoryview_programs.py to run on CPython's memoryview: memoryview_programs COUNT SEED. A line is an
// operation, a tab, and what it gave. Views have numbers, in the order in which they were made; the first one
// is the whole memory.
#include <array>
#include <bit>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "deft/view/any_view.hpp"

namespace {

using deft::any_value;
using deft::any_view;

std::mt19937_64 random_source;

int any(int low, int high) {
  return std::uniform_int_distribution<>(low, high)(random_source);
}

template <typename T>
std::string joined(const std::vector<T>& values) {
  std::string text;
  for (const T& value : values) text += (text.empty() ? "" : ",") + std::to_string(value);
  return text.empty() ? "-" : text;
}

std::string encoded(const any_value& value) {
  const auto hex = [](const std::string& bytes) { return deft::view(bytes).hex(); };
  return std::visit(
      [&](const auto& held) -> std::string {
        using held_type = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<held_type, bool>) {
          return held ? "b1" : "b0";
        } else if constexpr (std::is_same_v<held_type, std::string>) {
          return "c" + hex(held);
        } else if constexpr (std::is_same_v<held_type, double>) {
          if (held != held) return "fnan";
          return "f" + std::to_string(std::bit_cast<std::uint64_t>(held));
        } else {
          return "i" + std::to_string(held);
        }
      },
      value.variant());
}

std::string encoded(const std::vector<any_value>& values) {
  std::string text;
  for (const any_value& value : values) text += (text.empty() ? "" : ",") + encoded(value);
  return "[" + text + "]";
}

std::string described(const any_view& v) {
  return std::string(v.format()) + "|" + std::to_string(v.itemsize()) + "|" + joined(v.shape()) + "|" +
         joined(v.strides()) + "|" + std::to_string(v.nbytes()) + "|" + (v.c_contiguous() ? "C" : "") +
         (v.f_contiguous() ? "F" : "") + (v.contiguous() ? "A" : "") + (v.readonly() ? "R" : "") + "|" +
         v.hex();
}

const char* const formats[] = {"B", "B", "b", "c", "h", "H", "i", "I",  "l",  "L",  "q", "Q",
                               "n", "N", "f", "d", "d", "?", "P", "@B", "@i", "@d", "z", "ii"};

class program {
 public:
  program() {
    const int sizes[] = {0, 1, 8, 12, 24, 24, 48, 64, 96};
    memory_.resize(static_cast<std::size_t>(sizes[any(0, 8)]));
    for (unsigned char& byte : memory_)
      byte = static_cast<unsigned char>(any(0, 2) == 0 ? any(0, 255) : any(0, 2));
    const bool readonly = any(0, 3) == 0;
    const deft::view<unsigned char> whole(memory_);
    views_.emplace_back(readonly ? any_view(whole.to_readonly()) : any_view(whole));
    std::cout << "P " << (readonly ? "R" : "W") << " -" << whole.hex() << "\t" << described(*views_[0])
              << "\n";
  }

  void run(int operations) {
    for (int i = 0; i < operations; ++i) step();
    std::cout << "M\t" << deft::view(memory_).hex() << "\n";
  }

 private:
  static std::string spelt(std::optional<int> position) { return position ? std::to_string(*position) : "N"; }

  static deft::slice_bound bound(std::optional<int> position) {
    return position ? deft::slice_bound(*position) : deft::slice_bound();
  }

  static std::optional<int> any_position(int size) {
    if (any(0, 3) == 0) return std::nullopt;
    return any(-size - 2, size + 2);
  }

  static int any_stride() {
    const int strides[] = {1, 1, 1, -1, 2, -2, 3, -5, 0};
    return strides[any(0, 8)];
  }

  int extent(std::size_t d) const { return static_cast<int>(view_->shape()[d]); }

  /// Runs `operation`, which gives a text, and prints what came out.
  template <typename Operation>
  void print(const std::string& spelling, Operation operation) {
    std::string result;
    try {
      result = operation();
    } catch (const std::out_of_range&) {
      result = "error I";
    } catch (const std::invalid_argument&) {
      result = "error V";
    }
    std::cout << spelling << "\t" << result << "\n";
  }

  /// The same for an operation that gives a view, which gets the next number; none if it failed.
  template <typename Operation>
  void make(const std::string& spelling, Operation operation) {
    std::optional<any_view> made;
    print(spelling, [&] {
      made.emplace(operation());
      return described(*made);
    });
    views_.push_back(std::move(made));
  }

  void step() {
    at_ = static_cast<std::size_t>(any(0, static_cast<int>(views_.size()) - 1));
    if (any(0, 2) != 0) at_ = views_.size() - 1;  // mostly the newest
    if (!views_[at_] || views_[at_]->released()) return;
    const any_view held = *views_[at_];  // making views moves the others
    view_ = &held;
    switch (any(0, 15)) {
      case 0:
      case 1:
      case 2:
        return slice();
      case 3:
      case 4:
        return cast();
      case 5:
      case 6:
        return cast_to_shape();
      case 7:
        return get();
      case 8:
        return set();
      case 9:
        return print("T " + name(), [&] { return encoded(view_->tolist()); });
      case 10:
        return bytes();
      case 11:
        return compare();
      case 12:
        return keys();
      case 13:
        return assign();
      case 14:
        return search();
      default:
        return others();
    }
  }

  std::string name() const { return std::to_string(at_); }

  void slice() {
    const int size = view_->ndim() == 0 ? 3 : extent(0);
    const auto start = any_position(size);
    const auto stop = any_position(size);
    const int step = any_stride();
    make("S " + name() + " " + spelt(start) + " " + spelt(stop) + " " + std::to_string(step),
         [&] { return view_->slice(bound(start), bound(stop), step); });
  }

  void cast() {
    const std::string format = formats[any(0, std::size(formats) - 1)];
    make("C " + name() + " " + format, [&] { return view_->cast(format); });
  }

  void cast_to_shape() {
    const std::string format = formats[any(0, std::size(formats) - 1)];
    const std::size_t sizes[] = {1, 2, 3, 4, 6, 8, 0, 5};
    std::vector<std::size_t> shape;
    for (int d = any(0, 3); d > 0; --d) shape.push_back(sizes[any(0, any(0, 4) == 0 ? 7 : 5)]);
    // Mostly of the right size.
    const std::size_t itemsize = format.back() == 'B' || format == "b" || format == "c" || format == "?" ? 1
                                 : format == "h" || format == "H"                                        ? 2
                                 : format.back() == 'i' || format == "I" || format == "f"                ? 4
                                                                                                         : 8;
    std::size_t product = itemsize;
    for (const std::size_t extent : shape) product *= extent;
    if (any(0, 5) != 0 && product != 0 && view_->nbytes() % product == 0)
      shape.push_back(view_->nbytes() / product);
    make("D " + name() + " " + format + " " + joined(shape), [&] { return view_->cast(format, shape); });
  }

  std::vector<std::ptrdiff_t> any_positions() {
    std::vector<std::ptrdiff_t> positions;
    const auto count = view_->ndim() + (any(0, 19) == 0 ? 1 : 0);
    for (std::size_t d = 0; d < count; ++d) {
      const int size = d < view_->ndim() ? extent(d) : 1;
      positions.push_back(any(0, 5) == 0 || size == 0 ? any(-size - 1, size) : any(-size, size - 1));
    }
    return positions;
  }

  void get() {
    const auto positions = any_positions();
    print("G " + name() + " " + joined(positions), [&] { return encoded(view_->get(positions)); });
  }

  any_value any_element() {
    switch (any(0, 7)) {
      case 0:
        return any(0, 1) == 0;
      case 1:
        return any(-300, 300);
      case 2:
        return any(-40, 40) / 4.0;
      case 3:
        return std::string(static_cast<std::size_t>(any(0, 2)), static_cast<char>(any(0, 255)));
      case 4:
        return static_cast<std::int64_t>(random_source());
      case 5:
        return random_source();
      default:
        return any(0, 3);
    }
  }

  void set() {
    if (view_->format() == "P") return;  // CPython takes negative pointers
    const auto positions = any_positions();
    const any_value value = any_element();
    print("W " + name() + " " + joined(positions) + " " + encoded(value), [&] {
      view_->set(positions, value);
      return "done";
    });
  }

  void bytes() {
    if (any(0, 1) == 0) {
      const int group = any(-3, 3);
      const char* const separator = any(0, 2) == 0 ? "" : "-";
      print("X " + name() + " " + (*separator == '\0' ? "N" : separator) + " " + std::to_string(group),
            [&] { return view_->hex(separator, group); });
    } else {
      const char order = "CFA"[any(0, 2)];
      print("B " + name() + " " + order, [&] {
        const auto bytes = view_->tobytes(order);
        return deft::view(bytes).hex();
      });
    }
  }

  void compare() {
    const auto other = static_cast<std::size_t>(any(0, static_cast<int>(views_.size()) - 1));
    if (!views_[other]) return;
    const auto is_bool = [](const any_view& v) { return !v.released() && v.format().ends_with('?'); };
    if (is_bool(*view_) || is_bool(*views_[other]))
      return;  // of bytes that are no bool memoryview compares bytes
    print("E " + name() + " " + std::to_string(other),
          [&] { return *views_[at_] == *views_[other] ? "1" : "0"; });
  }

  void keys() {
    std::string spelling = "N " + name();
    std::vector<deft::detail::any_key> asked;
    const auto count = static_cast<std::size_t>(any(0, static_cast<int>(view_->ndim())));
    const auto ellipsis_at = static_cast<std::size_t>(any(0, 5));
    for (std::size_t d = 0; d < count; ++d) {
      if (d == ellipsis_at) {
        asked.emplace_back(deft::ellipsis);
        spelling += " ...";
      }
      // Behind an ellipsis it is another dimension: the position may lie outside.
      const int size = extent(d);
      if (any(0, 1) == 0) {
        const int position = any(0, 4) == 0 || size == 0 ? any(-size - 1, size) : any(-size, size - 1);
        asked.emplace_back(position);
        spelling += " " + std::to_string(position);
      } else {
        const auto start = any_position(size);
        const auto stop = any_position(size);
        const int step = any_stride();
        asked.emplace_back(deft::slice{bound(start), bound(stop), step});
        spelling += " " + spelt(start) + ":" + spelt(stop) + ":" + std::to_string(step);
      }
    }
    print(spelling, [&] {
      const any_view part = view_->at(asked);
      return joined(part.shape()) + "|" + encoded(part.tolist());
    });
  }

  void assign() {
    if (view_->ndim() != 1) return;
    const auto other = static_cast<std::size_t>(any(0, static_cast<int>(views_.size()) - 1));
    if (!views_[other] || views_[other]->released()) return;
    std::optional<int> start = any_position(extent(0));
    std::optional<int> stop = any_position(extent(0));
    const int step = any_stride();
    std::size_t source = other;
    if (any(0, 1) == 0) {  // a part of the same view, of the right size: they may overlap
      source = at_;
      start = stop = std::nullopt;
    }
    print("A " + name() + " " + spelt(start) + " " + spelt(stop) + " " + std::to_string(step) + " " +
              std::to_string(source),
          [&] {
            view_->slice(bound(start), bound(stop), step).assign(*views_[source]);
            return "done";
          });
  }

  void search() {
    if (view_->ndim() != 1) return;
    const any_value value = any_element();
    print("Q " + name() + " " + encoded(value),
          [&] { return std::to_string(view_->count(value)) + (view_->contains(value) ? " in" : " out"); });
  }

  void others() {
    switch (any(0, 4)) {
      case 0:
        return make("R " + name(), [&] { return view_->to_readonly(); });
      case 1:
        return print("K " + name(), [&] {
          static_cast<void>(view_->hash());
          return "done";
        });
      case 2:
        if (at_ == 0) return;
        views_[at_]->release();
        std::cout << "L " << at_ << "\tdone\n";
        return print("T " + name(), [&] { return encoded(views_[at_]->tolist()); });
      case 3:
        if (view_->ndim() == 0) return;
        return print("Z " + name(), [&] { return std::to_string(view_->size()); });
      default:
        if (view_->ndim() != 1) return;
        return print("V " + name(), [&] { return encoded(view_->reversed().tolist()); });
    }
  }

  std::vector<unsigned char> memory_;
  std::vector<std::optional<any_view>> views_;
  std::size_t at_ = 0;
  const any_view* view_ = nullptr;
};

}  // namespace

int main(int argc, char** argv) {
  const int count = argc > 1 ? std::atoi(argv[1]) : 1000;
  random_source.seed(argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1);
  std::ios::sync_with_stdio(false);
  for (int i = 0; i < count; ++i) program().run(any(4, 24));
}
