// Programs on any_view beside a model of them, made up from bytes: the same for the fuzzer, the corpus and a
// unit test.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "deft/view/any_view.hpp"

#include "fuzz/op_source.hpp"

namespace deft_fuzz {

/// What a view shows: where in the memory each element begins, in C's order.
struct shown_elements {
  std::vector<std::size_t> shape;
  std::vector<std::size_t> places;
  std::string format;
  std::size_t itemsize = 1;

  std::size_t count() const { return places.size(); }
};

/// Checks any_view against shown_elements over a copy of the same memory.
class any_view_program {
 public:
  explicit any_view_program(std::span<const std::uint8_t> bytes) : in_(bytes) {}

  void run() {
    memory_.resize(static_cast<std::size_t>(in_.below(65)));
    for (std::byte& b : memory_) b = static_cast<std::byte>(in_.byte());
    copy_ = memory_;
    shown_elements whole{{memory_.size()}, {}, "B", 1};
    for (std::size_t i = 0; i < memory_.size(); ++i) whole.places.push_back(i);
    views_.push_back({deft::any_view(deft::view<std::byte>(memory_)), std::move(whole)});
    check(views_.back());
    for (int i = 0; i < 40 && !in_.empty(); ++i) step();
    DEFT_FUZZ_CHECK(memory_ == copy_);
  }

 private:
  struct pair {
    deft::any_view view;
    shown_elements model;
  };

  pair& any_pair() { return views_[static_cast<std::size_t>(in_.below(static_cast<int>(views_.size())))]; }

  void add(deft::any_view view, shown_elements model) {
    pair made{std::move(view), std::move(model)};
    check(made);
    if (views_.size() < 16) {
      views_.push_back(std::move(made));
    } else {
      any_pair() = std::move(made);
    }
  }

  std::vector<std::byte> bytes_of(const shown_elements& model) const {
    std::vector<std::byte> bytes;
    for (const std::size_t place : model.places) {
      const auto from = copy_.begin() + static_cast<std::ptrdiff_t>(place);
      bytes.insert(bytes.end(), from, from + static_cast<std::ptrdiff_t>(model.itemsize));
    }
    return bytes;
  }

  void check(const pair& p) const {
    DEFT_FUZZ_CHECK(p.view.shape() == p.model.shape);
    DEFT_FUZZ_CHECK(p.view.format() == p.model.format);
    DEFT_FUZZ_CHECK(p.view.itemsize() == p.model.itemsize);
    DEFT_FUZZ_CHECK(p.view.count_elements() == p.model.count());
    DEFT_FUZZ_CHECK(p.view.nbytes() == p.model.count() * p.model.itemsize);
    DEFT_FUZZ_CHECK(p.view.tobytes() == bytes_of(p.model));
    DEFT_FUZZ_CHECK(p.view.tolist().size() == p.model.count());
    if (p.model.count() < 2) return;
    bool in_a_row = true;
    for (std::size_t i = 1; i < p.model.count(); ++i) {
      in_a_row = in_a_row && p.model.places[i] == p.model.places[i - 1] + p.model.itemsize;
    }
    DEFT_FUZZ_CHECK(p.view.c_contiguous() == in_a_row);
  }

  /// Whether the call throws; of the two exceptions which.
  template <typename Call>
  static char failure(Call call) {
    try {
      call();
    } catch (const std::out_of_range&) {
      return 'r';
    } catch (const std::invalid_argument&) {
      return 'a';
    }
    return '\0';
  }

  deft::slice any_slice(std::size_t extent) {
    const auto bound = [&] {
      const int choice = in_.below(4);
      if (choice == 0) return deft::slice_bound();
      if (choice == 1) return deft::slice_bound(in_.raw<std::int64_t>());
      return deft::slice_bound(in_.below(static_cast<int>(2 * extent) + 4) - static_cast<int>(extent) - 2);
    };
    deft::slice part;
    part.start = bound();
    part.stop = bound();
    part.step = in_.below(8) == 0 ? static_cast<std::ptrdiff_t>(in_.raw<std::int16_t>()) : in_.below(7) - 3;
    return part;
  }

  /// Python's definition, by walking.
  static std::vector<std::size_t> positions(const deft::slice& part, std::size_t extent) {
    const auto n = static_cast<std::ptrdiff_t>(extent);
    const std::ptrdiff_t lowest = part.step < 0 ? -1 : 0;
    const std::ptrdiff_t highest = part.step < 0 ? n - 1 : n;
    const auto placed = [&](const deft::slice_bound& bound, std::ptrdiff_t otherwise) {
      if (!bound.given()) return otherwise;
      std::ptrdiff_t i = bound.value_or(0);
      if (i < 0) i += n;
      return std::clamp(i, lowest, std::max(lowest, highest));
    };
    const std::ptrdiff_t stop = placed(part.stop, part.step < 0 ? lowest : highest);
    std::vector<std::size_t> found;
    for (std::ptrdiff_t i = placed(part.start, part.step < 0 ? highest : lowest);
         part.step < 0 ? i > stop : i < stop; i += part.step) {
      found.push_back(static_cast<std::size_t>(i));
    }
    return found;
  }

  /// The model's part: the positions kept in each dimension, and which dimensions stay.
  static shown_elements part_of(const shown_elements& from, const std::vector<std::vector<std::size_t>>& kept,
                                const std::vector<bool>& stays) {
    shown_elements part{{}, {}, from.format, from.itemsize};
    for (std::size_t d = 0; d < kept.size(); ++d) {
      if (stays[d]) part.shape.push_back(kept[d].size());
    }
    std::vector<std::size_t> at(kept.size());
    const bool none = std::any_of(kept.begin(), kept.end(), [](const auto& k) { return k.empty(); });
    while (!none) {
      std::size_t flat = 0;
      for (std::size_t d = 0; d < kept.size(); ++d) flat = flat * from.shape[d] + kept[d][at[d]];
      part.places.push_back(from.places[flat]);
      std::size_t d = kept.size();
      while (d-- > 0 && ++at[d] == kept[d].size()) at[d] = 0;
      if (d == static_cast<std::size_t>(-1)) break;
    }
    return part;
  }

  void slice() {
    const pair from = any_pair();
    std::vector<deft::detail::any_key> keys;
    std::vector<std::vector<std::size_t>> kept;
    std::vector<bool> stays;
    char expected = '\0';
    for (const std::size_t extent : from.model.shape) {
      if (in_.below(3) == 0) {
        const int i = in_.below(static_cast<int>(2 * extent) + 2) - static_cast<int>(extent) - 1;
        const int n = static_cast<int>(extent);
        if (expected == '\0' && (i < -n || i >= n)) expected = 'r';
        keys.emplace_back(i);
        kept.push_back({static_cast<std::size_t>(i < 0 ? i + n : i)});
        stays.push_back(false);
      } else {
        const deft::slice part = any_slice(extent);
        if (expected == '\0' && part.step == 0) expected = 'a';
        keys.emplace_back(part);
        kept.push_back(part.step == 0 ? std::vector<std::size_t>() : positions(part, extent));
        stays.push_back(true);
      }
    }
    std::optional<deft::any_view> made;
    DEFT_FUZZ_CHECK(failure([&] { made.emplace(from.view.at(keys)); }) == expected);
    if (made) add(std::move(*made), part_of(from.model, kept, stays));
  }

  struct known_format {
    const char* name;
    std::size_t size;
  };

  static constexpr known_format formats[] = {{"B", 1},  {"b", 1},  {"c", 1}, {"?", 1},  {"h", 2},
                                             {"<H", 2}, {">H", 2}, {"i", 4}, {">I", 4}, {"f", 4},
                                             {"q", 8},  {"!Q", 8}, {"d", 8}, {"<d", 8}, {"e", 2},
                                             {"=l", 4}, {"n", 8},  {"z", 0}, {"3s", 0}, {"<n", 0}};

  static bool is_byte(const std::string& format) { return format == "B" || format == "b" || format == "c"; }

  void cast() {
    const pair from = any_pair();
    const known_format to = formats[in_.below(static_cast<int>(std::size(formats)))];
    std::vector<std::size_t> shape;
    const bool with_shape = in_.below(2) == 0;
    std::size_t product = to.size;
    if (with_shape) {
      for (int d = in_.below(4); d > 0; --d) shape.push_back(static_cast<std::size_t>(in_.below(6)));
      for (const std::size_t extent : shape) product *= extent;
      if (in_.below(4) != 0 && product != 0 && from.view.nbytes() % product == 0) {
        shape.push_back(from.view.nbytes() / product);
        product *= shape.back();
      }
    }
    const std::size_t dims = from.model.shape.size();
    const std::size_t bytes = from.view.nbytes();
    const bool possible = from.view.c_contiguous() && to.size != 0 &&
                          (is_byte(from.model.format) || is_byte(to.name)) && bytes % to.size == 0 &&
                          (with_shape ? (dims == 1 || shape.size() == 1) && bytes != 0 && product == bytes
                                      : dims == 1 || bytes != 0);
    std::optional<deft::any_view> made;
    const char failed =
        failure([&] { made.emplace(with_shape ? from.view.cast(to.name, shape) : from.view.cast(to.name)); });
    DEFT_FUZZ_CHECK(failed == (possible ? '\0' : 'a'));
    if (!made) return;
    shown_elements model{
        with_shape ? shape : std::vector<std::size_t>{bytes / to.size}, {}, to.name, to.size};
    for (std::size_t at = 0; at < bytes; at += to.size) model.places.push_back(from.model.places[0] + at);
    add(std::move(*made), std::move(model));
  }

  /// Writes values that come from elsewhere in the memory, so that every pattern of bytes is written.
  void set() {
    pair& p = any_pair();
    if (p.model.count() == 0) return;
    const auto flat = static_cast<std::size_t>(in_.below(static_cast<int>(p.model.count())));
    std::vector<std::ptrdiff_t> at(p.model.shape.size());
    std::size_t rest = flat;
    for (std::size_t d = at.size(); d-- > 0;) {
      at[d] = static_cast<std::ptrdiff_t>(rest % p.model.shape[d]);
      rest /= p.model.shape[d];
      if (in_.below(2) == 0) at[d] -= static_cast<std::ptrdiff_t>(p.model.shape[d]);
    }
    const deft::any_value before = p.view.get(at);
    const auto other = static_cast<std::size_t>(in_.below(static_cast<int>(p.model.count())));
    const deft::any_value value = p.view.tolist()[other];
    p.view.set(at, value);
    const deft::any_value after = p.view.get(at);
    DEFT_FUZZ_CHECK(after == value || !(value == value));
    // Bytes are kept, but of those that are no bool, and of NaNs.
    std::byte* const target = copy_.data() + p.model.places[flat];
    const std::vector<std::byte> source(
        copy_.begin() + static_cast<std::ptrdiff_t>(p.model.places[other]),
        copy_.begin() + static_cast<std::ptrdiff_t>(p.model.places[other] + p.model.itemsize));
    if (p.model.format == "?") {
      *target = static_cast<std::byte>(source[0] != std::byte{0});
    } else if (!(value == value)) {
      std::memcpy(target, memory_.data() + p.model.places[flat], p.model.itemsize);
    } else {
      std::memcpy(target, source.data(), source.size());
    }
    static_cast<void>(before);
    DEFT_FUZZ_CHECK(memory_ == copy_);
  }

  void assign() {
    const pair from = any_pair();
    const pair to = any_pair();
    bool same_shape = from.model.shape.size() == to.model.shape.size();
    for (std::size_t d = 0; same_shape && d < from.model.shape.size(); ++d) {
      same_shape = from.model.shape[d] == to.model.shape[d];
      if (from.model.shape[d] == 0) break;
    }
    const bool possible = same_shape && from.model.format == to.model.format && !to.view.readonly();
    const char failed = failure([&] { to.view.assign(from.view); });
    DEFT_FUZZ_CHECK(failed == (possible ? '\0' : 'a'));
    if (!possible) return;
    const std::vector<std::byte> bytes = bytes_of(from.model);
    for (std::size_t i = 0; i < to.model.count(); ++i) {
      std::memcpy(copy_.data() + to.model.places[i], bytes.data() + i * to.model.itemsize, to.model.itemsize);
    }
    DEFT_FUZZ_CHECK(memory_ == copy_);
  }

  void compare() {
    const pair& a = any_pair();
    const pair& b = any_pair();
    bool equal = a.model.shape == b.model.shape;
    if (a.model.count() == 0 || b.model.count() == 0)
      return;  // CPython's rule, which the differential test covers
    if (equal) {
      const auto left = a.view.tolist();
      const auto right = b.view.tolist();
      for (std::size_t i = 0; i < left.size(); ++i) equal = equal && left[i] == right[i];
    }
    DEFT_FUZZ_CHECK((a.view == b.view) == equal);
    DEFT_FUZZ_CHECK((b.view == a.view) == equal);
  }

  void typed() {
    const pair& p = any_pair();
    const auto flat_values = [&](const auto& typed_elements) {
      DEFT_FUZZ_CHECK(typed_elements.size() == p.model.count());
      for (std::size_t i = 0; i < typed_elements.size(); ++i) {
        DEFT_FUZZ_CHECK(std::memcmp(&typed_elements[i], copy_.data() + p.model.places[i], p.model.itemsize) ==
                        0);
      }
    };
    try {
      flat_values(p.view.as_nd<const std::int32_t, 2>().tolist());
      DEFT_FUZZ_CHECK(p.model.format == "i" || p.model.format == "=l");
    } catch (const std::invalid_argument&) {
    }
    try {
      flat_values(p.view.as_strided<const std::uint8_t>().tolist());
      DEFT_FUZZ_CHECK(p.model.format == "B");
    } catch (const std::invalid_argument&) {
    }
  }

  /// Any description of an array is refused, or shows memory that is there (which the sanitizer watches).
  void describe() {
    std::vector<std::size_t> shape;
    std::vector<std::ptrdiff_t> strides;
    for (int d = in_.below(4); d > 0; --d) {
      shape.push_back(in_.below(8) == 0 ? in_.raw<std::size_t>() : static_cast<std::size_t>(in_.below(6)));
      strides.push_back(in_.below(8) == 0 ? in_.raw<std::ptrdiff_t>() : in_.below(33) - 16);
    }
    const known_format format = formats[in_.below(static_cast<int>(std::size(formats)))];
    const auto offset = static_cast<std::size_t>(in_.below(70));
    std::optional<deft::any_view> made;
    static_cast<void>(failure([&] {
      made.emplace(deft::any_view::over(deft::view<const std::byte>(memory_), format.name, shape,
                                        in_.below(2) == 0 ? std::span<const std::ptrdiff_t>() : strides,
                                        offset));
    }));
    if (!made || made->count_elements() > 4096) return;
    DEFT_FUZZ_CHECK(made->tobytes().size() == made->nbytes());
    if (made->count_elements() != 0) {
      const std::vector<std::byte> first = made->tobytes();
      DEFT_FUZZ_CHECK(std::memcmp(first.data(), memory_.data() + offset, made->itemsize()) == 0);
    }
  }

  void transpose() {
    const pair from = any_pair();
    shown_elements model{
        {from.model.shape.rbegin(), from.model.shape.rend()}, {}, from.model.format, from.model.itemsize};
    // Fortran's order of the one is C's order of the other.
    DEFT_FUZZ_CHECK(from.view.transposed().tobytes('F') == from.view.tobytes('C'));
    std::vector<std::size_t> at(model.shape.size());
    for (std::size_t n = 0; n < from.model.count(); ++n) {
      std::size_t flat = 0;
      for (std::size_t d = 0; d < at.size(); ++d) flat = flat * from.model.shape[d] + at[at.size() - 1 - d];
      model.places.push_back(from.model.places[flat]);
      for (std::size_t d = at.size(); d-- > 0 && ++at[d] == model.shape[d];) at[d] = 0;
    }
    add(from.view.transposed(), std::move(model));
  }

  void step() {
    switch (in_.below(10)) {
      case 0:
      case 1:
      case 2:
        return slice();
      case 3:
      case 4:
        return cast();
      case 5:
        return set();
      case 6:
        return assign();
      case 7:
        return compare();
      case 8:
        return in_.below(2) == 0 ? typed() : transpose();
      default:
        return describe();
    }
  }

  op_source in_;
  std::vector<std::byte> memory_;
  std::vector<std::byte> copy_;
  std::vector<pair> views_;
};

}  // namespace deft_fuzz
