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
constexpr double hardly_unlikely = 0.05;

bool same_direction(const change& a, const change& b) {
  return (a.delta_ns() > 0) == (b.delta_ns() > 0);
}

class naming {
 public:
  naming(explanation& e, std::vector<compared_node>& nodes, const call_tree& tree, const body_times& bodies,
         const paired_shares& shares)
      : e_(e), nodes_(nodes), tree_(tree), bodies_(bodies), shares_(shares), set_aside_(e.functions.size()) {}

  void run() {
    set_aside_what_moved();
    set_aside_what_is_smeared();
    doubt_changes_of_an_unchanged_whole();
    find_what_contains_changes();
    keep_totals_that_are_explained();
    for (compared_node& node : nodes_) {
      const compared_function& f = e_.functions[node.function];
      node.total.significant = node.total.significant && (f.self.significant || f.total.significant);
    }
    list_functions();
  }

 private:
  const std::string& name(std::uint32_t f) const { return e_.functions[f].frame.function; }

  /// Whether the time of the bodies around `f` changed, for all that can be seen.
  bool bodies_changed(std::uint32_t f) const {
    std::vector<std::uint64_t> counts(bodies_.counts.row(f).size());
    for (const std::uint32_t body : bodies_.bodies_of[f]) {
      const auto row = bodies_.counts.row(body);
      for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += row[i];
    }
    const change all = shares_.test(counts);
    const double delta = std::abs(all.delta_ns());
    if (delta <= shares_.floor_ns()) return false;
    return all.p_value <= hardly_unlikely || 2 * delta > std::abs(e_.functions[f].self.delta_ns());
  }

  void set_aside_what_moved() {
    for (std::uint32_t f = 0; f < e_.functions.size(); ++f) {
      compared_function& function = e_.functions[f];
      const bool one_sided =
          function.match == function_match::only_base || function.match == function_match::only_head;
      if (!function.self.significant || bodies_changed(f)) continue;
      set_aside_[f] = true;
      std::string around;
      for (const std::uint32_t body : bodies_.bodies_of[f]) {
        if (body != f) around += (around.empty() ? "" : ", ") + name(body);
      }
      const std::string moved = in_ns(std::abs(function.self.delta_ns()));
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
    for (std::uint32_t f = 0; f < e_.functions.size(); ++f) {
      if (set_aside_[f]) e_.functions[f].self.significant = false;
    }
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
        e_.notes.push_back("of the change in " + name(other) + ", " + in_ns(std::abs(own.delta_ns())) +
                           " were sampled in " + name(f) + ", whose instructions are mixed with it");
        break;
      }
    }
    for (const std::uint32_t f : smeared) {
      set_aside_[f] = true;
      e_.functions[f].self.significant = false;
    }
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
    std::vector<std::array<bool, 2>> below(tree_.nodes.size());
    for (std::size_t i = tree_.nodes.size(); i-- > 0;) {
      const call_node& node = tree_.nodes[i];
      const change& self = e_.functions[node.function].self;
      std::array<bool, 2> with_own = below[i];
      if (self.significant) with_own[self.delta_ns() > 0 ? 1 : 0] = true;
      for (std::size_t d = 0; d < 2; ++d) {
        if (below[i][d]) above_[node.function][d] = true;
        if (with_own[d] && node.parent != no_node) below[node.parent][d] = true;
      }
      if (below[i][0] || below[i][1]) depth_[node.function] = std::max(depth_[node.function], node.depth);
    }
  }

  bool contains_its_change(std::uint32_t f) const {
    return above_[f][e_.functions[f].total.delta_ns() > 0 ? 1 : 0];
  }

  void keep_totals_that_are_explained() {
    for (std::uint32_t f = 0; f < e_.functions.size(); ++f) {
      compared_function& function = e_.functions[f];
      if (!function.total.significant || function.self.significant || contains_its_change(f)) continue;
      const bool one_sided =
          function.match == function_match::only_base || function.match == function_match::only_head;
      if (one_sided || set_aside_[f]) function.total.significant = false;
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
  const paired_shares& shares_;
  std::vector<bool> set_aside_;
  std::vector<std::array<bool, 2>> above_;  // faster, slower
  std::vector<std::uint32_t> depth_;
};

}  // namespace

std::string in_ns(double ns) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3g ns", ns);
  return text.data();
}

void name_culprits(explanation& e, std::vector<compared_node>& nodes, const call_tree& tree,
                   const body_times& bodies, const paired_shares& shares) {
  naming(e, nodes, tree, bodies, shares).run();
}

}  // namespace deft::diff
