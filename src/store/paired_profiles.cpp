#include "store/paired_profiles.hpp"

#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace deft::store {
namespace {

using diff::paired_stack;
using diff::profile_rounds;
using diff::profiled_side;

symbols::stack_profile summed(const profile_rounds& rounds, const profiled_side& side,
                              std::vector<std::uint32_t> paired_stack::* counts) {
  symbols::stack_profile profile;
  profile.collector = rounds.collector;
  profile.note = rounds.note;
  profile.frequency_hz = rounds.frequency_hz;
  profile.discarded = side.discarded;
  profile.lost = side.lost;
  profile.unrooted = side.unrooted;
  // Frames that only the other side has are left out.
  constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> number_of(rounds.frames.size(), none);
  for (const paired_stack& stack : rounds.stacks) {
    std::uint64_t count = 0;
    for (const std::uint32_t c : stack.*counts) count += c;
    if (count == 0) continue;
    profile.samples += count;
    symbols::folded_stack& folded = profile.stacks.emplace_back();
    folded.count = count;
    folded.frames.reserve(stack.frames.size());
    for (const std::uint32_t frame : stack.frames) {
      if (number_of[frame] == none) {
        number_of[frame] = static_cast<std::uint32_t>(profile.frames.size());
        profile.frames.push_back(rounds.frames[frame]);
      }
      folded.frames.push_back(number_of[frame]);
    }
  }
  return profile;
}

}  // namespace

void set_paired(benchmark& of, profile_rounds rounds) {
  of.paired = std::move(rounds);
  if (!of.paired->unavailable.empty()) return;
  of.base_profile = summed(*of.paired, of.paired->base, &paired_stack::base);
  of.profile = summed(*of.paired, of.paired->head, &paired_stack::head);
}

}  // namespace deft::store
