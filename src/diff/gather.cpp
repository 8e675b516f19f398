#include "diff/gather.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

namespace deft::diff {
namespace {

using symbols::frame;
using symbols::stack_profile;

struct by_content {
  bool operator()(const frame& a, const frame& b) const {
    return std::tie(a.function, a.module, a.file, a.line, a.inlined) <
           std::tie(b.function, b.module, b.file, b.line, b.inlined);
  }
};

/// The two programs may be called differently, and neither name says anything about the frame.
frame neutral(frame f, const std::string& own) {
  if (own.empty()) return f;
  if (f.module == own) f.module.clear();
  if (f.function.starts_with("[" + own + "+")) f.function.erase(1, own.size());
  return f;
}

using stack_counts = std::map<std::vector<std::uint32_t>, paired_stack>;

class gatherer {
 public:
  explicit gatherer(std::span<const profiled_round> rounds) : rounds_(rounds) {}

  void number_frames(const own_modules& own) {
    for (const profiled_round& round : rounds_) {
      for (const frame& f : round.base.profile.frames) numbers_.emplace(neutral(f, own.base), 0);
      for (const frame& f : round.head.profile.frames) numbers_.emplace(neutral(f, own.head), 0);
    }
    std::uint32_t next = 0;
    for (auto& [content, number] : numbers_) number = next++;
  }

  void add(std::size_t round, const stack_profile& profile, const std::string& own,
           std::vector<std::uint32_t> paired_stack::* counts) {
    std::vector<std::uint32_t> number_of;
    number_of.reserve(profile.frames.size());
    for (const frame& f : profile.frames) number_of.push_back(numbers_.at(neutral(f, own)));
    const double scale = samples_per_value(profile);
    std::vector<std::uint32_t> frames;
    for (const symbols::folded_stack& folded : profile.stacks) {
      frames.clear();
      for (const std::uint32_t f : folded.frames) frames.push_back(number_of[f]);
      const double samples = scale > 0 ? std::round(static_cast<double>(folded.value) * scale)
                                       : static_cast<double>(folded.count);
      paired_stack& stack = stacks_[frames];
      stack.base.resize(rounds_.size());
      stack.head.resize(rounds_.size());
      std::uint32_t& count = (stack.*counts)[round];
      constexpr double most = std::numeric_limits<std::uint32_t>::max();
      count = static_cast<std::uint32_t>(std::min(most, count + samples));
    }
  }

  profile_rounds finish() {
    profile_rounds result;
    for (auto& [content, number] : numbers_) result.frames.push_back(content);
    for (auto& [frames, stack] : stacks_) {
      stack.frames = frames;
      result.stacks.push_back(std::move(stack));
    }
    return result;
  }

 private:
  static double samples_per_value(const stack_profile& profile) {
    double samples = 0;
    double value = 0;
    for (const symbols::folded_stack& stack : profile.stacks) {
      samples += static_cast<double>(stack.count);
      value += static_cast<double>(stack.value);
    }
    return value > 0 ? samples / value : 0;
  }

  std::span<const profiled_round> rounds_;
  std::map<frame, std::uint32_t, by_content> numbers_;
  stack_counts stacks_;
};

void fill(profiled_side& side, std::span<const profiled_round> rounds, process_profile profiled_round::* arm,
          const std::vector<paired_stack>& stacks, std::vector<std::uint32_t> paired_stack::* counts) {
  for (std::size_t i = 0; i < rounds.size(); ++i) {
    const process_profile& one = rounds[i].*arm;
    profiled_process& process = side.processes.emplace_back();
    process.iteration_ns = one.iteration_ns;
    for (const paired_stack& stack : stacks) process.samples += (stack.*counts)[i];
    side.discarded += one.profile.discarded;
    side.lost += one.profile.lost;
    side.unrooted += one.profile.unrooted;
  }
}

}  // namespace

profile_rounds gather(std::span<const profiled_round> rounds, const own_modules& own) {
  gatherer all(rounds);
  all.number_frames(own);
  for (std::size_t i = 0; i < rounds.size(); ++i) {
    all.add(i, rounds[i].base.profile, own.base, &paired_stack::base);
    all.add(i, rounds[i].head.profile, own.head, &paired_stack::head);
  }
  profile_rounds result = all.finish();
  if (!rounds.empty()) {
    const stack_profile& first = rounds.front().base.profile;
    result.collector = first.collector;
    result.note = first.note;
    result.frequency_hz = first.frequency_hz;
  }
  fill(result.base, rounds, &profiled_round::base, result.stacks, &paired_stack::base);
  fill(result.head, rounds, &profiled_round::head, result.stacks, &paired_stack::head);
  return result;
}

}  // namespace deft::diff
