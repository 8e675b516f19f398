#include "report/profile_summary.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string_view>

#include "report/escape.hpp"
#include "report/numbers.hpp"
#include "report/short_name.hpp"

namespace deft::report {
namespace {

using symbols::profile_kind;

constexpr std::size_t longest_name = 80;

std::string amount(double sum, const symbols::stack_profile& profile) {
  switch (unit_of(profile)) {
    case value_unit::samples:
      return count(profile.samples) + (profile.samples == 1 ? " sample" : " samples");
    case value_unit::bytes:
      return bytes(sum) + " allocated";
    case value_unit::ns:
      break;
  }
  const std::string time = time_per_iteration(sum);
  switch (profile.kind) {
    case profile_kind::wall:
      return time + " of elapsed time";
    case profile_kind::off_cpu:
      return time + " of waiting";
    default:
      return time + " of processor time";
  }
}

}  // namespace

value_unit unit_of(const symbols::stack_profile& profile) {
  const bool has_values = std::any_of(profile.stacks.begin(), profile.stacks.end(),
                                      [](const auto& stack) { return stack.value > 0; });
  if (profile.kind == profile_kind::allocation) return has_values ? value_unit::bytes : value_unit::samples;
  return has_values || profile.frequency_hz > 0 ? value_unit::ns : value_unit::samples;
}

double value_of(const symbols::folded_stack& stack, const symbols::stack_profile& profile) {
  if (stack.value > 0) return static_cast<double>(stack.value);
  const bool is_time = profile.kind != profile_kind::allocation && profile.frequency_hz > 0;
  return static_cast<double>(stack.count) * (is_time ? 1e9 / profile.frequency_hz : 1);
}

std::string headline(const store::profile_file& file) {
  const symbols::stack_profile& profile = file.profile;
  double sum = 0;
  std::map<std::string_view, double> self;
  for (const auto& stack : profile.stacks) {
    const double value = value_of(stack, profile);
    sum += value;
    if (!stack.frames.empty() && stack.frames.back() < profile.frames.size()) {
      self[profile.frames[stack.frames.back()].function] += value;
    }
  }
  if (!profile.unavailable.empty()) return "There is no profile: " + plain(profile.unavailable);
  if (sum <= 0) return "No sample was taken.";
  const auto most = std::max_element(self.begin(), self.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; });
  if (most == self.end()) return amount(sum, profile) + ", in no known function.";
  const char* whole = unit_of(profile) == value_unit::samples ? " of them in " : " of it in ";
  return amount(sum, profile) + ", " + percent_share(most->second / sum) + whole +
         clipped(plain(short_name(most->first)), longest_name);
}

std::string elapsed(const store::profile_file& file) {
  const double seconds = file.duration_seconds;
  if (!(seconds > 0)) return {};
  return seconds < 60 ? time_per_iteration(seconds * 1e9) : duration(seconds);
}

std::string subject(const store::profile_file& file) {
  std::string out = plain(file.command);
  for (const std::string& part : {plain(file.ended), elapsed(file)}) {
    if (!part.empty()) out += (out.empty() ? "" : " · ") + part;
  }
  return out;
}

}  // namespace deft::report
