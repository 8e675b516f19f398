#include "diff/renamed_functions.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <iterator>
#include <limits>

#include "diff/function_names.hpp"

namespace deft::diff {
namespace {

constexpr std::uint64_t least_share = 200;  // 1 / 200 of the samples
constexpr std::size_t most_candidates = 256;
constexpr double same_place_lines = 30;  // apart in one file; what moved further has to do the same, too
constexpr double unlikely = std::numeric_limits<double>::infinity();

using numbers = std::vector<std::uint32_t>;

/// Those of `list` that both sides have: a function of one side is evidence of nothing.
numbers known(const numbers& list, const std::vector<sided_function>& functions) {
  numbers result;
  std::copy_if(list.begin(), list.end(), std::back_inserter(result),
               [&](std::uint32_t f) { return functions[f].base != nullptr && functions[f].head != nullptr; });
  return result;
}

std::size_t common(const numbers& a, const numbers& b) {
  numbers both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  return both.size();
}

/// At least half of what either has, and something.
bool mostly_equal(const numbers& a, const numbers& b) {
  const std::size_t both = common(a, b);
  return both > 0 && 2 * both >= a.size() + b.size() - both;
}

/// How far two functions are from one another as lines in a file: 0 and more; `unlikely` where they are not
/// one.
double distance(const sided_function& base, const sided_function& head,
                const std::vector<sided_function>& functions, std::uint64_t base_samples,
                std::uint64_t head_samples) {
  if (base.module != head.module) return unlikely;
  const numbers base_callers = known(base.callers, functions);
  const numbers head_callers = known(head.callers, functions);
  const numbers base_callees = known(base.callees, functions);
  const numbers head_callees = known(head.callees, functions);
  const std::string& base_file = base.base->file;
  const std::string& head_file = head.head->file;
  const bool files_known = !base_file.empty() && !head_file.empty();
  if (files_known && base_file == head_file) {
    const double lines =
        std::abs(static_cast<double>(base.base->line) - static_cast<double>(head.head->line));
    const bool is_near = lines <= same_place_lines && (mostly_equal(base_callers, head_callers) ||
                                                       mostly_equal(base_callees, head_callees));
    const bool does_the_same =
        mostly_equal(base_callers, head_callers) &&
        (mostly_equal(base_callees, head_callees) || (base_callees.empty() && head_callees.empty()));
    return is_near || does_the_same ? lines : unlikely;
  }
  // Behind everything in the same file.
  constexpr double another_file = 1e12;
  if (!mostly_equal(base_callers, head_callers)) return unlikely;
  if (mostly_equal(base_callees, head_callees)) return another_file;
  if (files_known || !base_callees.empty() || !head_callees.empty()) return unlikely;
  const double base_share = static_cast<double>(base.base_self) / static_cast<double>(base_samples);
  const double head_share = static_cast<double>(head.head_self) / static_cast<double>(head_samples);
  return base_share <= 1.5 * head_share && head_share <= 1.5 * base_share ? another_file : unlikely;
}

/// The heaviest functions of one side.
template <class Condition, class Weight>
numbers candidates(const std::vector<sided_function>& functions, std::uint64_t samples, Condition of_side,
                   Weight weight) {
  numbers result;
  for (std::uint32_t i = 0; i < functions.size(); ++i) {
    if (of_side(functions[i]) && !functions[i].name.starts_with('[') &&
        weight(functions[i]) * least_share >= samples) {
      result.push_back(i);
    }
  }
  std::stable_sort(result.begin(), result.end(), [&](std::uint32_t a, std::uint32_t b) {
    return weight(functions[a]) > weight(functions[b]);
  });
  if (result.size() > most_candidates) result.resize(most_candidates);
  return result;
}

}  // namespace

std::vector<std::pair<std::uint32_t, std::uint32_t>> renamed_pairs(
    const std::vector<sided_function>& functions, std::uint64_t base_samples, std::uint64_t head_samples) {
  const numbers bases = candidates(
      functions, base_samples, [](const sided_function& f) { return f.only_base(); },
      [](const sided_function& f) { return f.base_total; });
  const numbers heads = candidates(
      functions, head_samples, [](const sided_function& f) { return f.only_head(); },
      [](const sided_function& f) { return f.head_total; });

  std::vector<std::vector<double>> distances(bases.size(), std::vector<double>(heads.size()));
  for (std::size_t b = 0; b < bases.size(); ++b) {
    for (std::size_t h = 0; h < heads.size(); ++h) {
      distances[b][h] =
          distance(functions[bases[b]], functions[heads[h]], functions, base_samples, head_samples);
    }
  }
  // A pair of which neither has another that is as near.
  const auto nearest = [&](std::size_t base, std::size_t head) {
    const double own = distances[base][head];
    if (own == unlikely) return false;
    for (std::size_t h = 0; h < heads.size(); ++h) {
      if (h != head && distances[base][h] <= own) return false;
    }
    for (std::size_t b = 0; b < bases.size(); ++b) {
      if (b != base && distances[b][head] <= own) return false;
    }
    return true;
  };
  std::vector<std::pair<std::uint32_t, std::uint32_t>> result;
  for (std::size_t b = 0; b < bases.size(); ++b) {
    for (std::size_t h = 0; h < heads.size(); ++h) {
      if (nearest(b, h)) result.emplace_back(bases[b], heads[h]);
    }
  }
  return result;
}

}  // namespace deft::diff
