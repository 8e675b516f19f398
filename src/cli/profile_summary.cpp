#include "cli/profile_summary.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "report/escape.hpp"

namespace deft::cli {
namespace {

constexpr std::size_t functions_shown = 10;
constexpr std::size_t name_width = 90;

using symbols::folded_stack;
using symbols::profile_kind;

const char* noun_of(profile_kind kind) {
  switch (kind) {
    case profile_kind::cpu:
      break;
    case profile_kind::wall:
      return "samples of elapsed time";
    case profile_kind::off_cpu:
      return "samples of time spent waiting";
    case profile_kind::allocation:
      return "allocations";
  }
  return "samples of processor time";
}

std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f %%", 100 * share);
  return text;
}

/// ns or bytes where the profile has them, else samples.
std::uint64_t weight_of(const folded_stack& stack) {
  return stack.value != 0 ? stack.value : stack.count;
}

/// Functions by the weight of the stacks that end in them, the heaviest first.
std::vector<std::pair<double, std::string>> hottest(const symbols::stack_profile& profile) {
  std::map<std::string_view, double> own;
  double total = 0;
  for (const folded_stack& stack : profile.stacks) {
    const auto weight = static_cast<double>(weight_of(stack));
    total += weight;
    if (!stack.frames.empty()) own[profile.frames[stack.frames.back()].function] += weight;
  }
  std::vector<std::pair<double, std::string>> shares;
  shares.reserve(own.size());
  for (const auto& [function, weight] : own) {
    if (weight > 0) shares.emplace_back(weight / total, function);
  }
  std::stable_sort(shares.begin(), shares.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  if (shares.size() > functions_shown) shares.resize(functions_shown);
  return shares;
}

}  // namespace

std::string summary_of(const store::profile_file& file) {
  const symbols::stack_profile& profile = file.profile;
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, "%.1f s", file.duration_seconds);
  std::string text = std::to_string(profile.samples) + " " + noun_of(profile.kind) + " in " + seconds;
  if (profile.samples != 0) {
    const double unrooted = static_cast<double>(profile.unrooted) / static_cast<double>(profile.samples);
    text += ", " + percent(1 - unrooted) + " of them from the thread's root";
  }
  text += ", " + std::to_string(profile.lost) + " lost\n";
  text += "by " + report::plain(profile.collector);
  if (profile.frequency_hz != 0) text += ", " + std::to_string(profile.frequency_hz) + " Hz";
  if (!profile.note.empty()) text += " (" + report::plain(profile.note) + ")";
  text += "\n";
  if (!profile.unavailable.empty()) text += report::plain(profile.unavailable) + "\n";
  for (const auto& [share, function] : hottest(profile)) {
    char column[32];
    std::snprintf(column, sizeof column, "%6.1f %%  ", 100 * share);
    text += column + report::clipped(report::plain(function), name_width) + "\n";
  }
  return text;
}

std::string shell_words(const std::vector<std::string>& argv) {
  constexpr std::string_view harmless =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789%+,-./:=@_";
  std::string line;
  for (const std::string& word : argv) {
    if (!line.empty()) line += ' ';
    if (!word.empty() && word.find_first_not_of(harmless) == std::string::npos) {
      line += word;
      continue;
    }
    line += '\'';
    for (const char c : word) line += c == '\'' ? std::string("'\\''") : std::string(1, c);
    line += '\'';
  }
  return line;
}

}  // namespace deft::cli
