#include "stats/change_points.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include "measure/random_source.hpp"
#include "stats/robust.hpp"

namespace deft::stats {
namespace {

struct split {
  std::size_t index = 0;
  double statistic = 0;  // 0: there is none.
};

/// Sums of distances between two ranges of one segment in O(1), after O(n^2) to prepare them.
class distances {
 public:
  void prepare(std::span<const double> values) {
    side_ = values.size() + 1;
    sums_.assign(side_ * side_, 0.0);
    for (std::size_t i = 0; i < values.size(); ++i) {
      double row = 0;
      for (std::size_t j = 0; j < values.size(); ++j) {
        row += std::abs(values[i] - values[j]);
        sums_[(i + 1) * side_ + j + 1] = sums_[i * side_ + j + 1] + row;
      }
    }
  }

  /// Over all pairs of one value in [a, b) and one in [c, d).
  double between(std::size_t a, std::size_t b, std::size_t c, std::size_t d) const {
    return at(b, d) - at(a, d) - at(b, c) + at(a, c);
  }

 private:
  double at(std::size_t i, std::size_t j) const { return sums_[i * side_ + j]; }

  std::size_t side_ = 0;
  std::vector<double> sums_;  // sums_[i * side_ + j]: of the pairs in [0, i) x [0, j)
};

/// The split of a segment whose scaled energy distance between [0, index) and [index, end) is greatest, over
/// all `index` and, as in the paper, all `end`: a stretch that is different in the middle would hide behind
/// what follows.
split best_split(std::span<const double> segment, std::size_t smallest, distances& table) {
  split best;
  if (segment.size() < 2 * smallest) return best;
  table.prepare(segment);
  for (std::size_t index = smallest; index + smallest <= segment.size(); ++index) {
    const auto n = static_cast<double>(index);
    const double within_left = table.between(0, index, 0, index) / (n * (n - 1));
    for (std::size_t end = index + smallest; end <= segment.size(); ++end) {
      const auto m = static_cast<double>(end - index);
      const double across = 2 * table.between(0, index, index, end) / (n * m);
      const double within_right = table.between(index, end, index, end) / (m * (m - 1));
      const double statistic = (across - within_left - within_right) * (n * m / (n + m));
      if (statistic > best.statistic) best = {index, statistic};
    }
  }
  return best;
}

class divider {
 public:
  divider(std::span<const double> series, const change_point_rule& rule)
      : series_(series), rule_(rule), random_(rule.seed), borders_{0, series.size()} {
    rule_.smallest_segment = std::max<std::size_t>(rule.smallest_segment, 2);
    best_.push_back(best_split(segment(0), rule_.smallest_segment, table_));
  }

  /// Adds the next change, if there is one.
  bool step() {
    const auto strongest = std::max_element(
        best_.begin(), best_.end(), [](const split& a, const split& b) { return a.statistic < b.statistic; });
    if (!(strongest->statistic > 0)) return false;
    const std::optional<double> p = p_value_of(strongest->statistic);
    if (!p) return false;
    const auto which = static_cast<std::size_t>(strongest - best_.begin());
    const std::size_t border = borders_[which] + strongest->index;
    found_.push_back({border, *p});
    borders_.insert(borders_.begin() + static_cast<std::ptrdiff_t>(which) + 1, border);
    best_[which] = best_split(segment(which), rule_.smallest_segment, table_);
    best_.insert(best_.begin() + static_cast<std::ptrdiff_t>(which) + 1,
                 best_split(segment(which + 1), rule_.smallest_segment, table_));
    return true;
  }

  std::vector<change_point> found() && {
    std::sort(found_.begin(), found_.end(),
              [](const change_point& a, const change_point& b) { return a.index < b.index; });
    return std::move(found_);
  }

 private:
  std::span<const double> segment(std::size_t which) const {
    return series_.subspan(borders_[which], borders_[which + 1] - borders_[which]);
  }

  /// None where it would exceed the significance, which shows long before all orders are tried.
  std::optional<double> p_value_of(double statistic) {
    const double trials = rule_.permutations + 1.0;
    // The same split of reordered values is a tie, whatever order its sums were rounded in.
    const double reached = statistic * (1 - 1e-9);
    double as_strong = 1;
    std::vector<double> order;
    for (std::uint32_t i = 0; i < rule_.permutations; ++i) {
      bool exceeded = false;
      for (std::size_t which = 0; which + 1 < borders_.size(); ++which) {
        const auto values = segment(which);
        order.assign(values.begin(), values.end());
        random_.shuffle(
            std::span(order));  // Also after `exceeded`: each order of each part is drawn in turn.
        if (!exceeded) exceeded = best_split(order, rule_.smallest_segment, table_).statistic >= reached;
      }
      as_strong += exceeded;
      if (as_strong / trials > rule_.significance) return std::nullopt;
    }
    return as_strong / trials;
  }

  std::span<const double> series_;
  change_point_rule rule_;
  measure::random_source random_;
  distances table_;
  std::vector<std::size_t> borders_;  // Of the segments, the end included.
  std::vector<split> best_;           // Of each segment.
  std::vector<change_point> found_;
};

}  // namespace

std::vector<change_point> change_points(std::span<const double> series, const change_point_rule& rule) {
  divider work(series, rule);
  while (work.step()) {
  }
  return std::move(work).found();
}

std::vector<double> without_spikes(std::span<const double> series) {
  constexpr std::size_t window = 5;
  std::vector<double> calm(series.begin(), series.end());
  if (series.size() < window) return calm;
  std::vector<double> steps;
  for (std::size_t i = 1; i < series.size(); ++i) steps.push_back(std::abs(series[i] - series[i - 1]));
  // 1.4826: of the median absolute deviation to the standard deviation of normal noise; a difference has sqrt
  // 2 of it.
  const double most = 3 * 1.4826 / std::numbers::sqrt2 * median(std::move(steps));
  for (std::size_t i = 0; i < series.size(); ++i) {
    const std::size_t begin = std::min(i - std::min(i, window / 2), series.size() - window);
    const auto around = series.subspan(begin, window);
    const double middle = median({around.begin(), around.end()});
    calm[i] = std::clamp(series[i], middle - most, middle + most);
  }
  return calm;
}

}  // namespace deft::stats
