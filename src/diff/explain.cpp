#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "diff/body_times.hpp"
#include "diff/call_tree.hpp"
#include "diff/explanation.hpp"
#include "diff/match_functions.hpp"
#include "diff/name_culprits.hpp"
#include "diff/paired_shares.hpp"
#include "diff/usable_rounds.hpp"
#include "stats/robust.hpp"

namespace deft::diff {
namespace {

constexpr double least_part = 0.005;  // of an iteration: what takes less is not tested
constexpr double doubtful = 10;       // times as unlikely changes have to be where the whole did not change
constexpr std::size_t most_match_notes = 40;

explain_settings sane(explain_settings s) {
  const explain_settings usual;
  if (!(s.band >= 0 && s.band <= 10)) s.band = usual.band;
  if (!(s.false_discoveries > 0 && s.false_discoveries < 1)) s.false_discoveries = usual.false_discoveries;
  if (!(s.confidence >= 0.5 && s.confidence <= 0.9999)) s.confidence = usual.confidence;
  return s;
}

/// What is tested together. What has the same samples in every round is one hypothesis, however many
/// functions or paths it is asked of.
class family {
 public:
  family(const paired_shares& shares, double least_ns) : shares_(shares), least_ns_(least_ns) {}

  /// Tests what takes long enough. `result` is filled, but for its significance, which `decide` fills in
  /// later; it must stay where it is until then.
  void add(std::span<const std::uint64_t> counts, change& result) {
    result = shares_.times(counts);
    if (std::max(result.base_ns, result.head_ns) < least_ns_) return;
    const auto [known, added] = numbers_.try_emplace(round_counts(counts.begin(), counts.end()),
                                                     static_cast<std::uint32_t>(p_values_.size()));
    if (added) {
      tested_.push_back(shares_.test(counts));
      p_values_.push_back(tested_.back().p_value);
    }
    result = tested_[known->second];
    asked_.emplace_back(&result, known->second);
  }

  /// Benjamini and Hochberg's procedure, at `rate`. Most functions did not change at all and have a p-value
  /// next to 1, as a null hypothesis that allows for the floor: they would only make the others' limits
  /// smaller. So those above a half are left out and the rest is doubled, which is what it is worth, given
  /// that it is below a half (Zhao, Small and Su 2019).
  void decide(double rate) {
    constexpr double conditional_on = 0.5;
    std::vector<double> conditional;
    std::vector<std::size_t> place(p_values_.size());
    for (std::size_t i = 0; i < p_values_.size(); ++i) {
      if (p_values_[i] > conditional_on) continue;
      place[i] = conditional.size() + 1;
      conditional.push_back(p_values_[i] / conditional_on);
    }
    const std::vector<bool> rejected = stats::benjamini_hochberg(conditional, rate);
    for (const auto& [result, number] : asked_) {
      result->significant = place[number] > 0 && rejected[place[number] - 1];
    }
  }

 private:
  const paired_shares& shares_;
  double least_ns_;
  std::map<round_counts, std::uint32_t> numbers_;
  std::vector<change> tested_;
  std::vector<double> p_values_;
  std::vector<std::pair<change*, std::uint32_t>> asked_;
};

bool is_large(const compared_function& f, double least_ns) {
  return std::max(f.total.base_ns, f.total.head_ns) >= least_ns;
}

std::string match_note(const compared_function& f) {
  const std::string& name = f.frame.function;
  switch (f.match) {
    case function_match::same:
      return {};
    case function_match::template_arguments:
      return name + " is taken for base's " + f.base_name +
             ": the same but for template arguments, parameters, scopes or what the compiler appends";
    case function_match::renamed:
      return name + " is taken for base's " + f.base_name + ", renamed: the same place and callers";
    case function_match::only_base:
      return name + " is in base only: " + time_text(f.total.base_ns);
    case function_match::only_head:
      return name + " is in head only: " + time_text(f.total.head_ns);
  }
  return {};
}

void tell_matches(explanation& e, double least_ns) {
  std::size_t untold = 0;
  std::size_t told = 0;
  for (const compared_function& f : e.functions) {
    if (!is_large(f, least_ns)) continue;
    std::string note = match_note(f);
    if (note.empty()) continue;
    if (++told <= most_match_notes) {
      e.notes.push_back(std::move(note));
    } else {
      ++untold;
    }
  }
  if (untold > 0)
    e.notes.push_back(std::to_string(untold) + " more functions have no namesake on the other side");
}

/// By node of the tree.
std::vector<compared_node> compare_nodes(const call_tree& tree, const paired_shares& shares) {
  std::vector<compared_node> nodes(tree.nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    nodes[i].function = tree.nodes[i].function;
    nodes[i].depth = tree.nodes[i].depth;
    const change self = shares.times(tree.self.row(i));
    nodes[i].base_self_ns = self.base_ns;
    nodes[i].head_self_ns = self.head_ns;
  }
  return nodes;
}

void put_in_order(explanation& e, const call_tree& tree, const std::vector<compared_node>& nodes) {
  std::vector<double> weight;
  weight.reserve(nodes.size());
  for (const compared_node& node : nodes) weight.push_back(node.total.base_ns + node.total.head_ns);
  for (const std::uint32_t i : preorder(tree.nodes, weight)) e.nodes.push_back(nodes[i]);
}

}  // namespace

explanation explain(const profile_rounds& rounds, const explain_settings& settings) {
  explanation e;
  usable_rounds used = usable(rounds);
  e.unavailable = used.unavailable;
  e.notes = std::move(used.notes);
  if (!e.unavailable.empty()) return e;
  if (!used.enough_to_test()) {
    e.notes.push_back("nothing was tested: " + std::to_string(least_rounds_to_test) +
                      " usable rounds of profiles are needed, and there " +
                      (used.rounds == 1 ? "is 1" : "are " + std::to_string(used.rounds)));
  }

  const explain_settings s = sane(settings);
  const matched_functions matched = match_functions(rounds.frames, used);
  const function_counts counts = count_functions(used, matched);
  const call_tree tree = merge_stacks(used, rounds.frames, matched);
  paired_shares shares(used, s.band, s.confidence);
  e.whole = shares.whole();
  e.floor_ns = shares.floor_ns();
  e.rounds = static_cast<std::uint32_t>(used.rounds);

  const double least_ns = least_part * std::min(e.whole.base_ns, e.whole.head_ns);
  std::vector<std::span<const std::uint64_t>> scattering;
  for (std::size_t f = 0; f < matched.functions.size(); ++f) {
    const change self = shares.times(counts.self.row(f));
    if (std::max(self.base_ns, self.head_ns) >= least_ns) scattering.push_back(counts.self.row(f));
  }
  shares.learn_scatter(scattering);

  // What takes less than the floor cannot have changed by more than it.
  const double least_tested_ns = std::max(least_ns, e.floor_ns);
  family functions(shares, least_tested_ns);
  e.functions.reserve(matched.functions.size());
  for (std::uint32_t f = 0; f < matched.functions.size(); ++f) {
    const matched_function& m = matched.functions[f];
    e.functions.push_back(
        {.frame = m.frame, .base_name = m.base_name, .match = m.match, .self = {}, .total = {}});
    functions.add(counts.self.row(f), e.functions.back().self);
    functions.add(counts.total.row(f), e.functions.back().total);
  }
  family paths(shares, least_tested_ns);
  std::vector<compared_node> nodes = compare_nodes(tree, shares);
  for (std::size_t i = 0; i < nodes.size(); ++i) paths.add(tree.total.row(i), nodes[i].total);
  const double rate = e.whole.significant ? s.false_discoveries : s.false_discoveries / doubtful;
  functions.decide(rate);
  paths.decide(rate);

  tell_matches(e, least_ns);
  name_culprits(e, nodes, tree, find_bodies(tree, matched.functions, counts), counts.self, shares);
  put_in_order(e, tree, nodes);
  return e;
}

}  // namespace deft::diff
