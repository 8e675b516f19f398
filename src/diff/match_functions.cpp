#include "diff/match_functions.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>

#include "diff/function_names.hpp"
#include "diff/renamed_functions.hpp"

namespace deft::diff {
namespace {

/// Samples of a frame or a function on each side.
struct side_counts {
  std::uint64_t base = 0;
  std::uint64_t head = 0;
};

side_counts sum(const counted_stack& stack, std::size_t rounds) {
  const auto middle = stack.counts.begin() + static_cast<std::ptrdiff_t>(rounds);
  return {std::accumulate(stack.counts.begin(), middle, std::uint64_t{0}),
          std::accumulate(middle, stack.counts.end(), std::uint64_t{0})};
}

bool before(const symbols::frame& a, const symbols::frame& b) {
  return std::tie(a.function, a.module, a.file, a.line, a.inlined) <
         std::tie(b.function, b.module, b.file, b.line, b.inlined);
}

/// The name under which frames are one function.
std::string identity(const symbols::frame& frame) {
  if (is_unnamed(frame.function))
    return "[" + (frame.module.empty() ? std::string("program") : frame.module) + "]";
  return without_clone_suffix(frame.function);
}

/// What is known of the functions of both sides while they are matched.
class matching {
 public:
  matching(const std::vector<symbols::frame>& frames, const usable_rounds& rounds)
      : frames_(frames), rounds_(rounds), of_frame_(frames.size(), unseen_frame), by_frame_(frames.size()) {
    number_functions();
    kind_.assign(functions_.size(), function_match::same);
    merged_into_.resize(functions_.size());
    std::iota(merged_into_.begin(), merged_into_.end(), 0U);
    sum_up();
  }

  void match_names() {
    // The same name in another module: a library of another version, or linked statically.
    match_unique(function_match::same, [](const sided_function& f) { return f.name; });
    const auto in_module = [](auto shorter) {
      return [shorter](const sided_function& f) {
        if (f.name.starts_with('[')) return std::string();
        return shorter(f.name) + '\n' + f.module;
      };
    };
    match_unique(function_match::template_arguments, in_module(without_abi_tags));
    match_unique(function_match::template_arguments, in_module(without_template_arguments));
    match_unique(function_match::template_arguments, in_module(without_parameters));
    // g++ -g1 tells an inlined function's name without its scope and parameters.
    match_unique(
        function_match::template_arguments, in_module(without_scopes), [](const auto& a, const auto& b) {
          const auto has_no_scope = [](const std::string& name) { return name == without_scopes(name); };
          return has_no_scope(a.name) || has_no_scope(b.name);
        });
  }

  void match_places() {
    const auto samples = rounds_.samples.begin();
    const auto middle = samples + static_cast<std::ptrdiff_t>(rounds_.rounds);
    const std::uint64_t base = std::accumulate(samples, middle, std::uint64_t{0});
    const std::uint64_t head = std::accumulate(middle, rounds_.samples.end(), std::uint64_t{0});
    // A caller that was matched is what its callees are recognised by.
    constexpr int deepest_chain = 16;
    for (int i = 0; i < deepest_chain; ++i) {
      relate();
      const auto pairs = renamed_pairs(functions_, base, head);
      if (pairs.empty()) return;
      for (const auto& [b, h] : pairs) merge(b, h, function_match::renamed);
    }
  }

  matched_functions result() const {
    matched_functions result;
    std::vector<std::uint32_t> place(functions_.size(), unseen_frame);
    std::vector<std::uint32_t> order;
    for (std::uint32_t i = 0; i < functions_.size(); ++i) {
      if (merged_into_[i] == i) order.push_back(i);
    }
    std::vector<matched_function> made_functions(functions_.size());
    for (const std::uint32_t i : order) made_functions[i] = made(i);
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      const matched_function& x = made_functions[a];
      const matched_function& y = made_functions[b];
      if (x.frame != y.frame) return before(x.frame, y.frame);
      return std::tie(x.base_name, x.match) < std::tie(y.base_name, y.match);
    });
    for (const std::uint32_t i : order) {
      place[i] = static_cast<std::uint32_t>(result.functions.size());
      result.functions.push_back(made_functions[i]);
    }
    for (const std::uint32_t f : of_frame_) {
      result.of_frame.push_back(f == unseen_frame ? unseen_frame : place[merged_into_[f]]);
    }
    return result;
  }

 private:
  /// In the order of names and modules, so that the order of frames does not matter.
  void number_functions() {
    for (const counted_stack& stack : rounds_.stacks) {
      const side_counts n = sum(stack, rounds_.rounds);
      for (const std::uint32_t f : stack.frames) {
        by_frame_[f].base += n.base;
        by_frame_[f].head += n.head;
      }
    }
    std::map<std::pair<std::string, std::string>, std::vector<std::uint32_t>> named;
    for (std::uint32_t f = 0; f < frames_.size(); ++f) {
      if (by_frame_[f].base + by_frame_[f].head > 0)
        named[{identity(frames_[f]), frames_[f].module}].push_back(f);
    }
    for (auto& [key, members] : named) {
      for (const std::uint32_t f : members) of_frame_[f] = static_cast<std::uint32_t>(functions_.size());
      sided_function function;
      function.name = key.first;
      function.module = key.second;
      function.base = heaviest(members, &side_counts::base);
      function.head = heaviest(members, &side_counts::head);
      functions_.push_back(std::move(function));
    }
  }

  const symbols::frame* heaviest(const std::vector<std::uint32_t>& members,
                                 std::uint64_t side_counts::* side) const {
    std::uint32_t best = unseen_frame;
    for (const std::uint32_t f : members) {
      const std::uint64_t count = by_frame_[f].*side;
      if (count == 0) continue;
      if (best == unseen_frame || count > by_frame_[best].*side ||
          (count == by_frame_[best].*side && before(frames_[f], frames_[best]))) {
        best = f;
      }
    }
    return best == unseen_frame ? nullptr : &frames_[best];
  }

  void sum_up() {
    std::vector<std::size_t> counted(functions_.size(), 0);
    for (std::size_t s = 0; s < rounds_.stacks.size(); ++s) {
      const counted_stack& stack = rounds_.stacks[s];
      const side_counts n = sum(stack, rounds_.rounds);
      for (const std::uint32_t frame : stack.frames) {
        const std::uint32_t f = of_frame_[frame];
        if (counted[f] == s + 1) continue;
        counted[f] = s + 1;
        functions_[f].base_total += n.base;
        functions_[f].head_total += n.head;
      }
      sided_function& leaf = functions_[of_frame_[stack.frames.back()]];
      leaf.base_self += n.base;
      leaf.head_self += n.head;
    }
  }

  /// Who calls whom, as far as it was found out which functions are one.
  void relate() {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> calls;
    std::size_t full = std::size_t{1} << 20;
    for (const counted_stack& stack : rounds_.stacks) {
      for (std::size_t i = 1; i < stack.frames.size(); ++i) {
        const std::uint32_t caller = merged_into_[of_frame_[stack.frames[i - 1]]];
        const std::uint32_t callee = merged_into_[of_frame_[stack.frames[i]]];
        if (caller != callee) calls.emplace_back(caller, callee);
      }
      if (calls.size() < full) continue;
      make_unique(calls);
      full = std::max(full, 2 * calls.size());
    }
    make_unique(calls);
    for (sided_function& f : functions_) {
      f.callers.clear();
      f.callees.clear();
    }
    for (const auto& [caller, callee] : calls) {
      functions_[caller].callees.push_back(callee);
      functions_[callee].callers.push_back(caller);
    }
  }

  static void make_unique(std::vector<std::pair<std::uint32_t, std::uint32_t>>& calls) {
    std::sort(calls.begin(), calls.end());
    calls.erase(std::unique(calls.begin(), calls.end()), calls.end());
  }

  static bool any_pair(const sided_function& /*base*/, const sided_function& /*head*/) { return true; }

  template <class Key, class Condition = bool (*)(const sided_function&, const sided_function&)>
  void match_unique(function_match kind, Key key, Condition may_be_one = any_pair) {
    struct bucket {
      std::vector<std::uint32_t> base;
      std::vector<std::uint32_t> head;
    };

    std::map<std::string, bucket> buckets;
    for (std::uint32_t i = 0; i < functions_.size(); ++i) {
      if (!functions_[i].only_base() && !functions_[i].only_head()) continue;
      if (merged_into_[i] != i) continue;
      bucket& b = buckets[key(functions_[i])];
      (functions_[i].only_base() ? b.base : b.head).push_back(i);
    }
    for (const auto& [name, b] : buckets) {
      if (name.empty() || b.base.size() != 1 || b.head.size() != 1) continue;
      if (may_be_one(functions_[b.base[0]], functions_[b.head[0]])) merge(b.base[0], b.head[0], kind);
    }
  }

  void merge(std::uint32_t base, std::uint32_t head, function_match kind) {
    sided_function& from = functions_[base];
    sided_function& into = functions_[head];
    into.base = from.base;
    into.base_total = from.base_total;
    into.base_self = from.base_self;
    merged_into_[base] = head;
    kind_[head] = kind;
    from.base = nullptr;  // neither side's any more
  }

  matched_function made(std::uint32_t i) const {
    const sided_function& f = functions_[i];
    matched_function result;
    result.match = f.only_base()   ? function_match::only_base
                   : f.only_head() ? function_match::only_head
                                   : kind_[i];
    result.frame = f.head != nullptr ? *f.head : *f.base;
    if (f.base != nullptr && f.head != nullptr && f.base->function != f.head->function) {
      result.base_name = f.base->function;
      // Copies of a function are the function; that a name is not the same is said.
      if (result.match == function_match::same && !is_unnamed(f.base->function)) {
        result.match = function_match::template_arguments;
      }
    }
    if (is_unnamed(result.frame.function)) {
      result.frame.function = f.name;
      result.frame.file.clear();
      result.frame.line = 0;
      result.base_name.clear();
    }
    return result;
  }

  const std::vector<symbols::frame>& frames_;
  const usable_rounds& rounds_;
  std::vector<std::uint32_t> of_frame_;
  std::vector<side_counts> by_frame_;
  std::vector<sided_function> functions_;
  std::vector<function_match> kind_;
  std::vector<std::uint32_t> merged_into_;
};

}  // namespace

matched_functions match_functions(const std::vector<symbols::frame>& frames, const usable_rounds& rounds) {
  matching m(frames, rounds);
  m.match_names();
  m.match_places();
  return m.result();
}

}  // namespace deft::diff
