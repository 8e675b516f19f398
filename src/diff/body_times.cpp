#include "diff/body_times.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

namespace deft::diff {
namespace {

// Seen this often on one side and never on the other by chance: less than 1 in 100 times.
constexpr std::uint64_t not_by_chance = 5;

std::uint64_t sum(std::span<const std::uint64_t> counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

}  // namespace

body_times find_bodies(const call_tree& tree, const std::vector<matched_function>& functions,
                       const function_counts& counts) {
  const std::size_t width = counts.self.rows() == 0 ? 1 : counts.self.row(0).size();
  body_times result{count_table(width, functions.size()), {}, {}};
  result.bodies_of.resize(functions.size());
  result.neighbours.resize(functions.size());

  std::vector<bool> joins_its_caller(functions.size());
  for (std::size_t f = 0; f < functions.size(); ++f) {
    joins_its_caller[f] = functions[f].one_sided() && sum(counts.total.row(f)) >= not_by_chance;
  }
  std::vector<std::uint32_t> body(tree.nodes.size());
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> samples;  // by function and body
  for (std::uint32_t i = 0; i < tree.nodes.size(); ++i) {
    const call_node& node = tree.nodes[i];
    const bool inside = node.parent != no_node && (node.inlined || joins_its_caller[node.function]);
    body[i] = inside ? body[node.parent] : node.function;
    result.counts.add(body[i], tree.self.row(i));
    if (const std::uint64_t n = sum(tree.self.row(i)); n > 0) samples[{node.function, body[i]}] += n;
    if (node.parent == no_node || !node.inlined) continue;
    const std::uint32_t caller = tree.nodes[node.parent].function;
    if (caller == node.function) continue;
    result.neighbours[node.function].push_back(caller);
    result.neighbours[caller].push_back(node.function);
  }
  for (const auto& [where, n] : samples) {
    if (10 * n >= sum(counts.self.row(where.first))) result.bodies_of[where.first].push_back(where.second);
  }
  for (auto& list : result.neighbours) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
  }
  return result;
}

}  // namespace deft::diff
