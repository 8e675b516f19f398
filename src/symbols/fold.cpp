#include "symbols/fold.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

namespace deft::symbols {

stack_profile fold(std::span<const resolved_sample> samples, std::span<const frame> frames) {
  const auto content = [&](std::uint32_t number) {
    const frame& f = frames[number];
    return std::tie(f.function, f.module, f.file, f.line, f.inlined);
  };
  std::vector<std::uint32_t> used;
  for (const resolved_sample& sample : samples)
    used.insert(used.end(), sample.frames.begin(), sample.frames.end());
  std::sort(used.begin(), used.end());
  used.erase(std::unique(used.begin(), used.end()), used.end());
  std::sort(used.begin(), used.end(),
            [&](std::uint32_t a, std::uint32_t b) { return content(a) < content(b); });

  stack_profile profile;
  std::vector<std::uint32_t> renumbered(frames.size());
  for (const std::uint32_t number : used) {
    renumbered[number] = static_cast<std::uint32_t>(profile.frames.size());
    profile.frames.push_back(frames[number]);
  }
  std::map<std::vector<std::uint32_t>, std::uint64_t> counts;
  for (const resolved_sample& sample : samples) {
    std::vector<std::uint32_t> stack;
    stack.reserve(sample.frames.size());
    for (const std::uint32_t number : sample.frames) stack.push_back(renumbered[number]);
    ++counts[std::move(stack)];
    ++profile.samples;
    if (!sample.rooted) ++profile.unrooted;
  }
  for (auto& [stack, count] : counts) profile.stacks.push_back({stack, count});
  return profile;
}

std::string to_collapsed(const stack_profile& profile) {
  std::string text;
  for (const folded_stack& stack : profile.stacks) {
    const std::size_t line_start = text.size();
    for (const std::uint32_t number : stack.frames) {
      if (text.size() != line_start) text += ';';
      for (const char c : profile.frames[number].function) text += c == ';' ? ':' : c == '\n' ? ' ' : c;
    }
    text += ' ' + std::to_string(stack.count) + '\n';
  }
  return text;
}

}  // namespace deft::symbols
