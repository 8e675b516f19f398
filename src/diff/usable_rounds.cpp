#include "diff/usable_rounds.hpp"

#include <algorithm>

namespace deft::diff {
namespace {

// With three, the interval of an unchanged function is wider than most functions.
constexpr std::size_t fewest_rounds = 4;
// Beyond these (thirty years an iteration), products of times overflow.
constexpr double shortest_iteration_ns = 1e-6;
constexpr double longest_iteration_ns = 1e18;

bool is_time(double ns) noexcept {
  return ns >= shortest_iteration_ns && ns <= longest_iteration_ns;
}

bool fits(const paired_stack& stack, const profile_rounds& rounds) {
  return !stack.frames.empty() && stack.base.size() == rounds.base.processes.size() &&
         stack.head.size() == rounds.head.processes.size() &&
         std::all_of(stack.frames.begin(), stack.frames.end(),
                     [&](std::uint32_t f) { return f < rounds.frames.size(); });
}

/// "3 of 12 rounds".
std::string share_of(std::size_t part, std::size_t whole, const char* what) {
  return std::to_string(part) + " of " + std::to_string(whole) + " " + what;
}

}  // namespace

usable_rounds usable(const profile_rounds& rounds) {
  usable_rounds result;
  result.unavailable = rounds.unavailable;
  if (!result.unavailable.empty()) return result;

  const std::size_t pairs = std::min(rounds.base.processes.size(), rounds.head.processes.size());
  std::vector<std::uint64_t> base_samples(rounds.base.processes.size());
  std::vector<std::uint64_t> head_samples(rounds.head.processes.size());
  std::size_t misfits = 0;
  for (const paired_stack& stack : rounds.stacks) {
    if (!fits(stack, rounds)) {
      ++misfits;
      continue;
    }
    for (std::size_t i = 0; i < base_samples.size(); ++i) base_samples[i] += stack.base[i];
    for (std::size_t i = 0; i < head_samples.size(); ++i) head_samples[i] += stack.head[i];
  }

  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < pairs; ++i) {
    const double base = rounds.base.processes[i].iteration_ns;
    const double head = rounds.head.processes[i].iteration_ns;
    if (!is_time(base) || !is_time(head) || base_samples[i] == 0 || head_samples[i] == 0) continue;
    kept.push_back(i);
    result.base_ns.push_back(base);
    result.head_ns.push_back(head);
  }
  result.rounds = kept.size();
  if (misfits > 0) {
    result.notes.push_back(share_of(misfits, rounds.stacks.size(),
                                    "stacks were left out: they name frames that do not "
                                    "exist, or have not one count a round"));
  }
  if (rounds.base.processes.size() != rounds.head.processes.size()) {
    result.notes.push_back("base has " + std::to_string(rounds.base.processes.size()) +
                           " processes and head " + std::to_string(rounds.head.processes.size()) +
                           ": those without a partner were left out");
  }
  const std::size_t unusable = pairs - kept.size();
  if (kept.size() < fewest_rounds) {
    result.unavailable = "there are " + std::to_string(kept.size()) +
                         " rounds of profiles to compare and at least " + std::to_string(fewest_rounds) +
                         " are needed";
    if (unusable > 0) {
      result.unavailable +=
          ": in " + share_of(unusable, pairs, "a process has no samples or no iteration time");
    }
    return result;
  }
  if (unusable > 0) {
    result.notes.push_back(
        share_of(unusable, pairs, "rounds were left out: a process has no samples or no iteration time"));
  }

  for (const std::size_t i : kept) result.samples.push_back(base_samples[i]);
  for (const std::size_t i : kept) result.samples.push_back(head_samples[i]);
  for (const paired_stack& stack : rounds.stacks) {
    if (!fits(stack, rounds)) continue;
    counted_stack counted{stack.frames, {}};
    for (const std::size_t i : kept) counted.counts.push_back(stack.base[i]);
    for (const std::size_t i : kept) counted.counts.push_back(stack.head[i]);
    if (std::any_of(counted.counts.begin(), counted.counts.end(), [](std::uint64_t n) { return n > 0; })) {
      result.stacks.push_back(std::move(counted));
    }
  }
  return result;
}

}  // namespace deft::diff
