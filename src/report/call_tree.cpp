#include "report/call_tree.hpp"

#include <algorithm>
#include <limits>
#include <span>
#include <utility>

#include "report/profile_summary.hpp"

namespace deft::report {
namespace {

struct node {
  std::uint32_t frame = 0;
  double total = 0;  ///< With everything called.
  std::map<std::uint32_t, std::size_t> children;
};

const symbols::frame no_stack = {"[no stack]", "", "", 0, false};
const symbols::frame left_out = {"[frames left out]", "", "", 0, false};

/// Nodes of a tree in preorder, the heaviest child first.
struct preorder {
  std::vector<std::uint32_t> frame;
  std::vector<std::uint32_t> depth;
  std::vector<std::size_t> node;
};

/// Stacks merged into one tree. Node 0 stands for all of them.
class stack_tree {
 public:
  explicit stack_tree(frame_table& table) : table_(table), nodes_(1) {}

  /// Calls `ends_at(stack, node)` for each stack of the profile. Samples without any usable frame stay
  /// visible: they are part of what was measured.
  template <class Weight, class EndsAt>
  void add(const symbols::stack_profile& profile, Weight weight_of, EndsAt ends_at) {
    std::vector<std::uint32_t> numbers;
    numbers.reserve(profile.frames.size());
    for (const auto& frame : profile.frames) numbers.push_back(table_.number_of(frame));
    std::vector<std::uint32_t> path;
    for (const auto& stack : profile.stacks) {
      path.clear();
      for (const std::uint32_t index : stack.frames) {
        if (index >= numbers.size()) break;
        path.push_back(numbers[index]);
      }
      shorten(path);
      if (path.empty()) path.push_back(table_.number_of(no_stack));
      const double weight = weight_of(stack);
      std::size_t at = 0;
      for (const std::uint32_t frame : path) {
        at = child_of(at, frame);
        nodes_[at].total += weight;
      }
      ends_at(stack, at);
    }
  }

  preorder flattened() const {
    struct pending {
      std::size_t node;
      std::uint32_t depth;
    };

    preorder out;
    std::vector<pending> open;
    const auto open_children = [&](std::size_t of, std::uint32_t depth) {
      for (const std::size_t child : lightest_first(nodes_[of])) open.push_back({child, depth});
    };
    open_children(0, 0);
    while (!open.empty()) {
      const pending next = open.back();
      open.pop_back();
      out.frame.push_back(nodes_[next.node].frame);
      out.depth.push_back(next.depth);
      out.node.push_back(next.node);
      open_children(next.node, next.depth + 1);
    }
    return out;
  }

  std::size_t size() const { return nodes_.size(); }

 private:
  void shorten(std::vector<std::uint32_t>& path) {
    if (path.size() <= deepest_stack) return;
    const auto innermost = path.end() - innermost_frames_kept;
    const auto outermost = path.begin() + (deepest_stack - innermost_frames_kept - 1);
    *outermost = table_.number_of(left_out);
    path.erase(outermost + 1, innermost);
  }

  std::size_t child_of(std::size_t parent, std::uint32_t frame) {
    const auto [at, is_new] = nodes_[parent].children.try_emplace(frame, nodes_.size());
    const std::size_t child = at->second;
    if (is_new) nodes_.push_back({frame, 0, {}});
    return child;
  }

  std::vector<std::size_t> lightest_first(const node& of) const {
    std::vector<std::size_t> out;
    out.reserve(of.children.size());
    for (const auto& [frame, child] : of.children) out.push_back(child);
    std::stable_sort(out.begin(), out.end(),
                     [&](std::size_t a, std::size_t b) { return nodes_[a].total < nodes_[b].total; });
    return out;
  }

  frame_table& table_;
  std::vector<node> nodes_;
};

std::uint64_t saturating_sum(std::uint64_t a, std::uint64_t b) {
  return a > std::numeric_limits<std::uint64_t>::max() - b ? std::numeric_limits<std::uint64_t>::max()
                                                           : a + b;
}

std::uint64_t whole_number(double value) {
  constexpr double largest = 0x1p63;
  return static_cast<std::uint64_t>(std::clamp(value + 0.5, 0.0, largest));
}

}  // namespace

std::uint32_t frame_table::number_of(const symbols::frame& frame) {
  std::string key = frame.function + '\n' + frame.module + '\n' + frame.file + '\n' +
                    std::to_string(frame.line) + (frame.inlined ? "\ni" : "\n");
  const auto [at, is_new] = numbers_.try_emplace(std::move(key), static_cast<std::uint32_t>(frames_.size()));
  if (is_new) frames_.push_back(frame);
  return at->second;
}

call_tree merged_tree(const symbols::stack_profile* head, const symbols::stack_profile* base,
                      frame_table& table) {
  struct ending {
    std::size_t node;
    bool is_head;
    std::uint64_t count;
  };

  stack_tree tree(table);
  std::vector<ending> endings;
  for (const auto* profile : {head, base}) {
    if (profile == nullptr) continue;
    tree.add(
        *profile, [](const auto& stack) { return static_cast<double>(stack.count); },
        [&](const auto& stack, std::size_t node) {
          endings.push_back({node, profile == head, stack.count});
        });
  }
  preorder order = tree.flattened();
  std::vector<std::uint64_t> samples_of_head(tree.size());
  std::vector<std::uint64_t> samples_of_base(tree.size());
  for (const ending& end : endings) (end.is_head ? samples_of_head : samples_of_base)[end.node] += end.count;
  call_tree out;
  out.head.reserve(order.node.size());
  out.base.reserve(order.node.size());
  for (const std::size_t node : order.node) {
    out.head.push_back(samples_of_head[node]);
    out.base.push_back(samples_of_base[node]);
  }
  out.frame = std::move(order.frame);
  out.depth = std::move(order.depth);
  return out;
}

threaded_tree tree_by_thread(const symbols::stack_profile& profile, frame_table& table) {
  const auto threads = static_cast<std::uint32_t>(profile.threads.size());
  stack_tree tree(table);
  std::vector<thread_share> shares;
  shares.reserve(profile.stacks.size());
  tree.add(
      profile, [&](const auto& stack) { return value_of(stack, profile); },
      [&](const auto& stack, std::size_t node) {
        shares.push_back({static_cast<std::uint32_t>(node), std::min(stack.thread, threads), stack.count,
                          whole_number(value_of(stack, profile))});
      });
  preorder order = tree.flattened();
  std::vector<std::uint32_t> place(tree.size());
  for (std::size_t i = 0; i < order.node.size(); ++i) place[order.node[i]] = static_cast<std::uint32_t>(i);
  for (thread_share& share : shares) share.node = place[share.node];
  std::sort(shares.begin(), shares.end(), [](const thread_share& a, const thread_share& b) {
    return std::pair(a.node, a.thread) < std::pair(b.node, b.thread);
  });

  threaded_tree out;
  out.frame = std::move(order.frame);
  out.depth = std::move(order.depth);
  out.shares.reserve(shares.size());
  for (const thread_share& share : shares) {
    if (!out.shares.empty() && out.shares.back().node == share.node &&
        out.shares.back().thread == share.thread) {
      out.shares.back().count = saturating_sum(out.shares.back().count, share.count);
      out.shares.back().value = saturating_sum(out.shares.back().value, share.value);
    } else {
      out.shares.push_back(share);
    }
  }
  return out;
}

}  // namespace deft::report
