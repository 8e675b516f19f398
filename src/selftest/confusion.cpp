#include "selftest/confusion.hpp"

#include <cstdio>
#include <numeric>

#include "stats/binomial.hpp"

namespace deft::selftest {
namespace {

using stats::verdict;

constexpr double confidence = 0.95;
constexpr double most_false_alarms = 0.01;
constexpr double most_red_runs = 0.05;
constexpr double least_found = 0.95;
constexpr int judged_from_percent = 5;
constexpr std::array columns{verdict::regressed, verdict::improved, verdict::equivalent,
                             verdict::inconclusive, verdict::failed};

std::string percent(double fraction) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f %%", 100 * fraction);
  return text;
}

std::string of(std::uint64_t events, std::uint64_t trials) {
  return std::to_string(events) + " of " + std::to_string(trials);
}

std::string padded(const std::string& text, std::size_t width) {
  return std::string(width - std::min(width, text.size()), ' ') + text;
}

}  // namespace

void confusion::add(int percent, verdict called) {
  ++counts_[percent][static_cast<std::size_t>(called)];
}

void confusion::add_run(bool false_alarm) {
  ++runs_;
  red_runs_ += false_alarm ? 1 : 0;
}

std::uint64_t confusion::count(int percent, verdict called) const {
  const auto found = counts_.find(percent);
  return found == counts_.end() ? 0 : found->second[static_cast<std::size_t>(called)];
}

std::uint64_t confusion::trials(int percent) const {
  const auto found = counts_.find(percent);
  if (found == counts_.end()) return 0;
  return std::accumulate(found->second.begin(), found->second.end(), std::uint64_t{0});
}

std::uint64_t confusion::false_alarms() const {
  return count(0, verdict::regressed) + count(0, verdict::improved);
}

std::string confusion::broken_promise() const {
  if (stats::lower_rate(false_alarms(), trials(0), confidence) > most_false_alarms) {
    return of(false_alarms(), trials(0)) + " unchanged benchmarks were called changed: more than " +
           percent(most_false_alarms);
  }
  if (stats::lower_rate(red_runs_, runs_, confidence) > most_red_runs)
    return of(red_runs_, runs_) + " runs had a false alarm: more than " + percent(most_red_runs);
  for (const auto& [effect, seen] : counts_) {
    if (effect < judged_from_percent) continue;
    const std::uint64_t found = count(effect, verdict::regressed);
    if (stats::upper_rate(found, trials(effect), confidence) < least_found) {
      return of(found, trials(effect)) + " slowdowns of " + std::to_string(effect) +
             " % were found: less than " + percent(least_found);
    }
  }
  return {};
}

std::string confusion::to_text() const {
  std::string text = "truth     ";
  for (const verdict v : columns) text += padded(stats::to_string(v), 14);
  text += "\n";
  for (const auto& [effect, seen] : counts_) {
    std::string truth = effect == 0 ? "unchanged" : std::to_string(effect) + " % slower";
    truth.resize(std::max<std::size_t>(truth.size(), 12), ' ');
    std::string row = truth;
    for (const verdict v : columns)
      row += padded(std::to_string(count(effect, v)), v == columns.front() ? 12 : 14);
    text += row + "\n";
  }
  const auto rate = [](std::uint64_t events, std::uint64_t trials) {
    return trials > 0 ? percent(static_cast<double>(events) / static_cast<double>(trials)) : std::string("-");
  };
  text += "\nfalse alarms: " + of(false_alarms(), trials(0)) + " decisions (" +
          rate(false_alarms(), trials(0)) + ", at most " +
          percent(stats::upper_rate(false_alarms(), trials(0), confidence)) + "), in " +
          of(red_runs_, runs_) + " runs (at most " +
          percent(stats::upper_rate(red_runs_, runs_, confidence)) + ")\n";
  for (const auto& [effect, seen] : counts_) {
    if (effect == 0) continue;
    const std::uint64_t found = count(effect, verdict::regressed);
    text += std::to_string(effect) + " % slower: found " + of(found, trials(effect)) + " (" +
            rate(found, trials(effect)) + ", at least " +
            percent(stats::lower_rate(found, trials(effect), confidence)) + ")\n";
  }
  return text + "\"at most\" and \"at least\": one-sided 95 % bounds (Clopper and Pearson)\n";
}

}  // namespace deft::selftest
