#include "diff/name_culprits.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string>

namespace deft::diff {
namespace {

// A neighbour's change that is no more than this part of a function's is what sampling smears.
constexpr double smeared_part = 0.25;
// Of a test by itself.
constexpr double single_level = 0.05;

bool same_direction(const change& a, const change& b) {
  return (a.delta_ns() > 0) == (b.delta_ns() > 0);
}

class naming {
 public:
  naming(explanation& e, std::vector<compared_node>& nodes, const call_tree& tree, const body_times& bodies,
         const count_table& self, const paired_shares& shares)
      : e_(e), nodes_(nodes), tree_(tree), bodies_(bodies), self_(self), shares_(shares) {}

  void run() {
    set_aside_what_moved();
    set_aside_what_is_smeared();
    doubt_changes_of_an_unchanged_whole();
    find_what_contains_changes();
    judge_totals();
    judge_paths();
    list_functions();
  }

 private:
  const std::string& name(std::uint32_t f) const { return e_.functions[f].frame.function; }

  /// Whether the bodies around `f` kept their time: all of them together, or, as far as can be seen, because
  /// the rest of them changed the other way by at least half as much.
  bool moved_inside(std::uint32_t f) const {
    const auto own = self_.row(f);
    std::vector<std::uint64_t> all(own.size());
    for (const std::uint32_t body : bodies_.bodies_of[f]) {
      const auto row = bodies_.counts.row(body);
      for (std::size_t i = 0; i < all.size(); ++i) all[i] += row[i];
    }
    const change together = shares_.test(all);
    if (std::abs(together.delta_ns()) <= shares_.floor_ns()) return true;
    if (together.p_value <= single_level) return false;
    // Up to a tenth of the function may be elsewhere.
    std::vector<std::uint64_t> rest(own.size());
    for (std::size_t i = 0; i < rest.size(); ++i) rest[i] = all[i] - std::min(all[i], own[i]);
    const change others = shares_.test(rest);
    const double delta = e_.functions[f].self.delta_ns();
    const bool opposite = delta > 0 ? others.high_ns < 0 : others.low_ns > 0;
    return opposite && 2 * std::abs(others.delta_ns()) >= std::abs(delta);
  }

  void set_aside_what_moved() {
    std::vector<std::uint32_t> moved_ones;
    for (std::uint32_t f = 0; f < e_.functions.size(); ++f) {
      compared_function& function = e_.functions[f];
      const bool one_sided =
          function.match == function_match::only_base || function.match == function_match::only_head;
      if (!function.self.significant || !moved_inside(f)) continue;
      moved_ones.push_back(f);
      std::string around;
      for (const std::uint32_t body : bodies_.bodies_of[f]) {
        if (body != f) around += (around.empty() ? "" : ", ") + name(body);
      }
      const std::string moved = time_text(std::abs(function.self.delta_ns()));
      if (one_sided) {
        const bool gone = function.match == function_match::only_base;
        e_.notes.push_back(name(f) + (gone ? " was inlined into " : " is inlined in base into ") +
                           (around.empty() ? "its caller" : around) + (gone ? " in head" : "") + ", or its " +
                           moved + " moved there: their time together did not change");
      } else {
        e_.notes.push_back(moved + " moved " + (function.self.delta_ns() > 0 ? "to " : "from ") + name(f) +
                           " inside of " + (around.empty() ? "what is inlined into it" : around) +
                           ": the time of that code together did not change");
      }
    }
    for (const std::uint32_t f : moved_ones) e_.functions[f].self.significant = false;
  }

  void set_aside_what_is_smeared() {
    std::vector<std::uint32_t> smeared;
    for (std::uint32_t f = 0; f < e_.functions.size(); ++f) {
      const change& own = e_.functions[f].self;
      if (!own.significant) continue;
      for (const std::uint32_t other : bodies_.neighbours[f]) {
        const change& more = e_.functions[other].self;
        if (!more.significant || !same_direction(own, more)) continue;
        if (std::abs(own.delta_ns()) > smeared_part * std::abs(more.delta_ns())) continue;
        smeared.push_back(f);
        e_.notes.push_back("of the change in " + name(other) + ", " + time_text(std::abs(own.delta_ns())) +
                           " were sampled in " + name(f) + ", whose instructions are mixed with it");
        break;
      }
    }
    for (const std::uint32_t f : smeared) e_.functions[f].self.significant = false;
  }

  /// Where the whole kept its time, what one function gained another must have lost.
  void doubt_changes_of_an_unchanged_whole() {
    if (e_.whole.significant) return;
    bool slower = false;
    bool faster = false;
    for (const compared_function& f : e_.functions) {
      if (!f.self.significant) continue;
      (f.self.delta_ns() > 0 ? slower : faster) = true;
    }
    const double delta = e_.whole.delta_ns();
    const bool in_line = (slower && delta > e_.floor_ns) || (faster && delta < -e_.floor_ns);
    if ((slower && faster) || in_line) return;
    if (slower || faster) {
      e_.notes.emplace_back(
          "the whole did not change beyond the floor and nothing balances what single functions seem to have "
          "changed by: "
          "not told");
    }
    for (compared_function& f : e_.functions) {
      f.self.significant = false;
      f.total.significant = false;
    }
  }

  /// Which functions have some below that became slower, or faster; and how deep they stand above these.
  void find_what_contains_changes() {
    above_.assign(e_.functions.size(), {});
    depth_.assign(e_.functions.size(), 0);
    below_.assign(tree_.nodes.size(), {});
    for (std::size_t i = tree_.nodes.size(); i-- > 0;) {
      const call_node& node = tree_.nodes[i];
      const change& self = e_.functions[node.function].self;
      std::array<bool, 2> with_own = below_[i];
      if (self.significant) with_own[self.delta_ns() > 0 ? 1 : 0] = true;
      for (std::size_t d = 0; d < 2; ++d) {
        if (below_[i][d]) above_[node.function][d] = true;
        if (with_own[d] && node.parent != no_node) below_[node.parent][d] = true;
      }
      if (below_[i][0] || below_[i][1]) depth_[node.function] = std::max(depth_[node.function], node.depth);
    }
  }

  bool contains_its_change(std::uint32_t f) const {
    return above_[f][e_.functions[f].total.delta_ns() > 0 ? 1 : 0];
  }

  /// A function that is named changes the totals of its callers, unless something else makes up for it. So
  /// these are not searched for among all others: once it is named, each is asked by itself.
  static bool follows(const change& total) { return total.p_value <= single_level; }

  void judge_totals() {
    for (std::uint32_t f = 0; f < e_.functions.size(); ++f) {
      compared_function& function = e_.functions[f];
      const bool own = function.self.significant && same_direction(function.self, function.total);
      if (own || contains_its_change(f)) {
        function.total.significant = function.total.significant || follows(function.total);
        continue;
      }
      // A total without a function to name in it is the layout of the code, or the load: nobody can act on
      // it.
      function.total.significant = false;
    }
  }

  void judge_paths() {
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      change& total = nodes_[i].total;
      const compared_function& f = e_.functions[nodes_[i].function];
      const bool own = f.self.significant && same_direction(f.self, total);
      const bool named_below = own || below_[i][total.delta_ns() > 0 ? 1 : 0];
      total.significant =
          named_below && (f.self.significant || f.total.significant) && (total.significant || follows(total));
    }
  }

  void list_functions() {
    for (std::uint32_t f = 0; f < e_.functions.size(); ++f) {
      const compared_function& function = e_.functions[f];
      if (function.self.significant) {
        (function.self.delta_ns() > 0 ? e_.slower : e_.faster).push_back(f);
      } else if (function.total.significant && contains_its_change(f)) {
        e_.callers.push_back(f);
      }
    }
    const auto by_size = [&](std::uint32_t a, std::uint32_t b) {
      return std::abs(e_.functions[a].self.delta_ns()) > std::abs(e_.functions[b].self.delta_ns());
    };
    std::stable_sort(e_.slower.begin(), e_.slower.end(), by_size);
    std::stable_sort(e_.faster.begin(), e_.faster.end(), by_size);
    std::stable_sort(e_.callers.begin(), e_.callers.end(), [&](std::uint32_t a, std::uint32_t b) {
      if (depth_[a] != depth_[b]) return depth_[a] > depth_[b];
      return std::abs(e_.functions[a].total.delta_ns()) > std::abs(e_.functions[b].total.delta_ns());
    });
    if (e_.whole.significant && e_.slower.empty() && e_.faster.empty()) {
      e_.notes.emplace_back(
          "the whole changed, but no single function's own time did beyond the floor: the change is spread "
          "over several, "
          "or there are too few samples to tell");
    }
  }

  explanation& e_;
  std::vector<compared_node>& nodes_;
  const call_tree& tree_;
  const body_times& bodies_;
  const count_table& self_;
  const paired_shares& shares_;
  std::vector<std::array<bool, 2>> above_;  // by function: faster, slower
  std::vector<std::array<bool, 2>> below_;  // by node, likewise
  std::vector<std::uint32_t> depth_;
};

}  // namespace

std::string time_text(double ns) {
  constexpr std::array<const char*, 4> units = {"ns", "µs", "ms", "s"};
  std::size_t unit = 0;
  for (; ns >= 999.5 && unit + 1 < units.size(); ++unit) ns /= 1000;
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%.3g %s", ns, units.at(unit));
  return text.data();
}

void name_culprits(explanation& e, std::vector<compared_node>& nodes, const call_tree& tree,
                   const body_times& bodies, const count_table& self, const paired_shares& shares) {
  naming(e, nodes, tree, bodies, self, shares).run();
}

}  // namespace deft::diff
