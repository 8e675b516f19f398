#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "formats/formats.hpp"
#include "formats/weight.hpp"
#include "store/json_document.hpp"

namespace deft::formats {
namespace {

using store::ordered_json;

ordered_json frames_of(const symbols::stack_profile& profile) {
  ordered_json frames = ordered_json::array();
  for (const symbols::frame& f : profile.frames) {
    ordered_json frame = {{"name", f.function}};
    // What it shows beside the name: the source file, or at least where the code is.
    if (!f.file.empty() || !f.module.empty()) frame["file"] = f.file.empty() ? f.module : f.file;
    if (f.line != 0 && !f.file.empty()) frame["line"] = f.line;
    frames.push_back(std::move(frame));
  }
  return frames;
}

std::string name_of(const symbols::profiled_thread& thread) {
  std::string name = thread.process;
  if (!thread.name.empty() && thread.name != thread.process)
    name += (name.empty() ? "" : " / ") + thread.name;
  if (thread.tid != 0) name += (name.empty() ? "" : " ") + ("(" + std::to_string(thread.tid) + ")");
  return name.empty() ? "other threads" : name;
}

/// The stacks of one thread, one after another as if they had been taken in that order.
ordered_json profile_of(const symbols::stack_profile& profile,
                        const std::vector<const symbols::folded_stack*>& stacks, const std::string& name,
                        bool valued) {
  ordered_json samples = ordered_json::array();
  ordered_json weights = ordered_json::array();
  std::uint64_t end = 0;
  for (const symbols::folded_stack* stack : stacks) {
    const std::uint64_t weight = valued ? value_of(profile, *stack) : std::min(stack->count, largest_number);
    if (weight == 0) continue;
    samples.push_back(stack->frames);
    weights.push_back(weight);
    end = saturating_sum(end, weight);
  }
  return {{"type", "sampled"},
          {"name", name},
          {"unit", valued ? words_for(profile.kind).value_unit : "none"},
          {"startValue", 0},
          {"endValue", end},
          {"samples", std::move(samples)},
          {"weights", std::move(weights)}};
}

}  // namespace

std::string to_speedscope(const store::profile_file& file) {
  const symbols::stack_profile& profile = file.profile;
  const bool valued = has_values(profile);
  std::vector<std::vector<const symbols::folded_stack*>> by_thread(
      std::max<std::size_t>(profile.threads.size(), 1));
  for (const symbols::folded_stack& stack : profile.stacks) {
    by_thread[profile.threads.empty() ? 0 : stack.thread].push_back(&stack);
  }
  ordered_json profiles = ordered_json::array();
  for (std::size_t i = 0; i < by_thread.size(); ++i) {
    const std::string name = profile.threads.empty() ? file.command : name_of(profile.threads[i]);
    profiles.push_back(profile_of(profile, by_thread[i], name, valued));
  }
  return store::text_of({{"$schema", "https://www.speedscope.app/file-format-schema.json"},
                         {"shared", {{"frames", frames_of(profile)}}},
                         {"profiles", std::move(profiles)},
                         {"name", file.command},
                         {"activeProfileIndex", 0},
                         {"exporter", "deft " + file.deft_version}});
}

}  // namespace deft::formats
