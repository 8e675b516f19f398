#include "diff/call_tree.hpp"

#include <algorithm>
#include <unordered_map>

namespace deft::diff {

call_tree merge_stacks(const usable_rounds& rounds, const std::vector<symbols::frame>& frames,
                       const matched_functions& functions) {
  call_tree tree{{}, count_table(rounds.samples.size()), count_table(rounds.samples.size())};
  std::unordered_map<std::uint64_t, std::uint32_t> children;  // by parent and function
  for (const counted_stack& stack : rounds.stacks) {
    std::uint32_t node = no_node;
    for (const std::uint32_t f : stack.frames) {
      const std::uint32_t function = functions.of_frame[f];
      const std::uint64_t key = (std::uint64_t{node} << 32) | function;
      const auto [found, added] = children.try_emplace(key, static_cast<std::uint32_t>(tree.nodes.size()));
      if (added) {
        const std::uint32_t depth = node == no_node ? 0 : tree.nodes[node].depth + 1;
        tree.nodes.push_back({.function = function, .parent = node, .depth = depth, .inlined = false});
        tree.self.add_row();
        tree.total.add_row();
      }
      node = found->second;
      tree.nodes[node].inlined = tree.nodes[node].inlined || frames[f].inlined;
    }
    tree.self.add(node, stack.counts);
  }
  for (std::size_t i = tree.nodes.size(); i-- > 0;) {
    tree.total.add(i, tree.self.row(i));
    if (tree.nodes[i].parent != no_node) tree.total.add(tree.nodes[i].parent, tree.total.row(i));
  }
  return tree;
}

function_counts count_functions(const usable_rounds& rounds, const matched_functions& functions) {
  const std::size_t width = rounds.samples.size();
  function_counts result{count_table(width, functions.functions.size()),
                         count_table(width, functions.functions.size())};
  std::vector<std::size_t> counted(functions.functions.size(), 0);
  for (std::size_t s = 0; s < rounds.stacks.size(); ++s) {
    const counted_stack& stack = rounds.stacks[s];
    for (const std::uint32_t f : stack.frames) {
      const std::uint32_t function = functions.of_frame[f];
      if (counted[function] == s + 1) continue;
      counted[function] = s + 1;
      result.total.add(function, stack.counts);
    }
    result.self.add(functions.of_frame[stack.frames.back()], stack.counts);
  }
  return result;
}

std::vector<std::uint32_t> preorder(const std::vector<call_node>& nodes, const std::vector<double>& weight) {
  std::vector<std::uint32_t> order(nodes.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  // The lightest first: what is pushed last is popped first.
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    if (nodes[a].parent != nodes[b].parent) return nodes[a].parent < nodes[b].parent;
    if (weight[a] != weight[b]) return weight[a] < weight[b];
    return nodes[a].function > nodes[b].function;
  });
  std::vector<std::size_t> first(nodes.size() + 1, order.size());
  std::vector<std::size_t> last(nodes.size() + 1, order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::uint32_t parent = nodes[order[i]].parent;
    const std::size_t slot = parent == no_node ? nodes.size() : parent;
    if (first[slot] == order.size()) first[slot] = i;
    last[slot] = i + 1;
  }
  std::vector<std::uint32_t> result;
  result.reserve(nodes.size());
  std::vector<std::uint32_t> pending;
  const auto push_children = [&](std::size_t slot) {
    for (std::size_t i = first[slot]; i < last[slot]; ++i) pending.push_back(order[i]);
  };
  push_children(nodes.size());
  while (!pending.empty()) {
    const std::uint32_t node = pending.back();
    pending.pop_back();
    result.push_back(node);
    push_children(node);
  }
  return result;
}

}  // namespace deft::diff
