#include "report/call_tree.hpp"

#include <algorithm>
#include <cstddef>

namespace deft::report {
namespace {

struct node {
  std::uint32_t frame = 0;
  std::uint64_t head = 0;
  std::uint64_t base = 0;
  std::uint64_t total = 0;  ///< Of both sides, with everything called.
  std::map<std::uint32_t, std::size_t> children;
};

const symbols::frame no_stack = {"[no stack]", "", "", 0, false};

class builder {
 public:
  builder() : nodes_(1) {}

  /// Samples without any usable frame stay visible: they are part of what was measured.
  void add(const symbols::stack_profile& profile, bool is_head, frame_table& table) {
    std::vector<std::uint32_t> numbers;
    numbers.reserve(profile.frames.size());
    for (const auto& frame : profile.frames) numbers.push_back(table.number_of(frame));
    for (const auto& stack : profile.stacks) {
      std::size_t at = 0;
      for (const std::uint32_t index : stack.frames) {
        if (index >= numbers.size()) break;
        at = child_of(at, numbers[index]);
        nodes_[at].total += stack.count;
      }
      if (at == 0) {
        at = child_of(0, table.number_of(no_stack));
        nodes_[at].total += stack.count;
      }
      (is_head ? nodes_[at].head : nodes_[at].base) += stack.count;
    }
  }

  call_tree flattened() const {
    struct pending {
      std::size_t node;
      std::uint32_t depth;
    };

    call_tree out;
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
      out.head.push_back(nodes_[next.node].head);
      out.base.push_back(nodes_[next.node].base);
      open_children(next.node, next.depth + 1);
    }
    return out;
  }

 private:
  std::size_t child_of(std::size_t parent, std::uint32_t frame) {
    const auto [at, is_new] = nodes_[parent].children.try_emplace(frame, nodes_.size());
    const std::size_t child = at->second;
    if (is_new) nodes_.push_back({frame, 0, 0, 0, {}});
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

  std::vector<node> nodes_;
};

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
  builder tree;
  if (head != nullptr) tree.add(*head, true, table);
  if (base != nullptr) tree.add(*base, false, table);
  return tree.flattened();
}

}  // namespace deft::report
