#include "stats/rank_test.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

namespace deft::stats {
namespace {

constexpr std::size_t most_exact_in_smaller = 8;     // SciPy's limit
constexpr std::size_t most_exact_in_larger = 1'000;  // 8 * 1000 * 8000 additions

struct ranking {
  double first_sum = 0;  ///< Of the first sample's ranks; tied values share the mean of theirs.
  double ties = 0;       ///< Sum over groups of equals of t^3 - t.
};

ranking rank(std::span<const double> first, std::span<const double> second) {
  struct entry {
    double value;
    bool of_first;
  };

  std::vector<entry> all;
  all.reserve(first.size() + second.size());
  for (const double value : first) all.push_back({value, true});
  for (const double value : second) all.push_back({value, false});
  std::sort(all.begin(), all.end(), [](const entry& a, const entry& b) { return a.value < b.value; });

  ranking result;
  for (std::size_t begin = 0, end = 0; begin < all.size(); begin = end) {
    std::size_t of_first = 0;
    for (end = begin; end < all.size() && all[end].value == all[begin].value; ++end)
      of_first += all[end].of_first;
    const auto tied = static_cast<double>(end - begin);
    result.first_sum += static_cast<double>(of_first) * (static_cast<double>(begin + end + 1) / 2);
    result.ties += tied * (tied * tied - 1);
  }
  return result;
}

/// P(U >= u) without ties. Counts the sets of `few` of the ranks 1 ... few + many by their sum: only
/// additions, so that nothing cancels where the counts exceed what a double holds exactly.
double exact_upper_tail(double u, std::size_t few, std::size_t many) {
  const std::size_t all = few + many;
  const std::size_t smallest = few * (few + 1) / 2;
  const std::size_t largest = smallest + few * many;
  std::vector<std::vector<double>> ways(few + 1, std::vector<double>(largest + 1, 0.0));
  ways[0][0] = 1;
  for (std::size_t next = 1; next <= all; ++next) {
    for (std::size_t size = std::min(next, few); size >= 1; --size) {
      for (std::size_t sum = next; sum <= largest; ++sum) ways[size][sum] += ways[size - 1][sum - next];
    }
  }
  double total = 0;
  double tail = 0;
  for (std::size_t sum = smallest; sum <= largest; ++sum) {
    total += ways[few][sum];
    if (static_cast<double>(sum - smallest) >= u) tail += ways[few][sum];
  }
  return tail / total;
}

}  // namespace

rank_comparison rank_test(std::span<const double> first, std::span<const double> second) {
  rank_comparison result;
  if (first.empty() || second.empty()) return result;
  const auto n1 = static_cast<double>(first.size());
  const auto n2 = static_cast<double>(second.size());
  const ranking ranks = rank(first, second);
  result.u = ranks.first_sum - n1 * (n1 + 1) / 2;

  const double larger_u = std::max(result.u, n1 * n2 - result.u);
  const std::size_t few = std::min(first.size(), second.size());
  const std::size_t many = std::max(first.size(), second.size());
  result.exact = ranks.ties == 0 && few <= most_exact_in_smaller && many <= most_exact_in_larger;
  if (result.exact) {
    result.p_value = std::min(1.0, 2 * exact_upper_tail(larger_u, few, many));
    return result;
  }
  const double n = n1 + n2;
  const double variance = n1 * n2 / 12 * ((n + 1) - ranks.ties / (n * (n - 1)));
  if (!(variance > 0)) return result;  // All values are the same.
  const double z = (larger_u - n1 * n2 / 2 - 0.5) / std::sqrt(variance);
  result.p_value = std::min(1.0, std::erfc(z / std::numbers::sqrt2));
  return result;
}

}  // namespace deft::stats
