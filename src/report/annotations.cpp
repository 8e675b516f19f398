#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "report/escape.hpp"
#include "report/explanations.hpp"
#include "report/numbers.hpp"
#include "report/publish.hpp"
#include "report/summary.hpp"
#include "report/work_text.hpp"

namespace deft::report {
namespace {

using stats::verdict;

// Of each kind, for one step; more are dropped without a word.
constexpr std::size_t shown_by_github = 10;
constexpr std::size_t name_limit = 160;
constexpr std::size_t reason_limit = 400;

std::string without(std::string_view text, std::string_view special) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (special.find(c) == std::string_view::npos) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', digits[byte >> 4U], digits[byte & 15U]};
    }
  }
  return out;
}

struct annotation {
  std::string title;
  std::string message;
};

annotation about(const store::benchmark& benchmark, const stats::decision& d, const explanations& why) {
  const std::string name = clipped(plain(benchmark.name), name_limit);
  std::string message = clipped(plain(d.reason), reason_limit);
  if (const std::string did_it = culprit_of(why, benchmark.name, d.verdict).text(); !did_it.empty())
    message += "\n" + clipped(plain(did_it), reason_limit);
  if (known_ratio(d.head) != no_number) {
    message += "\nbase " + time_per_iteration(benchmark.base_ns) + ", head " +
               time_per_iteration(benchmark.head_ns) + ", ratio " + known_ratio(d.head) + " (" +
               interval(d.head) + "), A/A control " + known_ratio(d.control) + ", could see " +
               plus_minus(d.smallest_effect);
  }
  if (const std::string work = clipped(plain(work_phrase(benchmark)), reason_limit); !work.empty())
    message += "\n" + work;
  return {std::string(stats::to_string(d.verdict)) + ": " + name, message};
}

void append(std::string& out, std::string_view level, const std::vector<annotation>& all) {
  const std::size_t shown = all.size() > shown_by_github ? shown_by_github - 1 : all.size();
  for (std::size_t i = 0; i < shown; ++i) out += workflow_command(level, all[i].title, all[i].message) + "\n";
  if (shown == all.size()) return;
  out += workflow_command(level, std::to_string(all.size() - shown) + " more",
                          "GitHub shows ten annotations of a kind; the result file has them all.") +
         "\n";
}

}  // namespace

outcome_class class_of(verdict v, const strictness& rules) noexcept {
  switch (v) {
    case verdict::regressed:
    case verdict::failed:
      return outcome_class::failed;
    case verdict::missing:
      return rules.missing_fails ? outcome_class::failed : outcome_class::open;
    case verdict::inconclusive:
      return rules.inconclusive_fails ? outcome_class::failed : outcome_class::open;
    case verdict::improved:
    case verdict::equivalent:
    case verdict::added:
      break;
  }
  return outcome_class::passed;
}

std::string workflow_command(std::string_view level, std::string_view title, std::string_view message) {
  return "::" + std::string(level) + " title=" + without(title, "%\r\n:,") + "::" + without(message, "%\r\n");
}

std::string to_annotations(const store::result_file& file, const strictness& rules) {
  std::vector<annotation> errors;
  std::vector<annotation> warnings;
  std::vector<annotation> notices = {{"deft", plain(headline(file)) + "\n" + control_sentence(file)}};
  const explanations why = explain_all(file);
  if (file.interrupted) errors.push_back({"interrupted", "The run was interrupted: not all was measured."});
  for (const auto* benchmark : by_urgency(file)) {
    const stats::decision d = shown_decision(*benchmark);
    switch (class_of(d.verdict, rules)) {
      case outcome_class::failed:
        errors.push_back(about(*benchmark, d, why));
        break;
      case outcome_class::open:
        warnings.push_back(about(*benchmark, d, why));
        break;
      case outcome_class::passed:
        if (d.verdict != verdict::equivalent) notices.push_back(about(*benchmark, d, why));
        break;
    }
  }
  std::string out;
  append(out, "error", errors);
  append(out, "warning", warnings);
  append(out, "notice", notices);
  return out;
}

}  // namespace deft::report
