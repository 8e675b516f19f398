#include "cli/gate.hpp"

#include <algorithm>

#include "report/escape.hpp"

namespace deft::cli {
namespace {

using stats::verdict;

verdict verdict_of(const store::benchmark& b) {
  if (b.decision) return b.decision->verdict;
  return b.failure.empty() ? verdict::inconclusive : verdict::failed;
}

std::string names_with(const store::result_file& file, verdict wanted) {
  std::string names;
  for (const store::benchmark& b : file.benchmarks) {
    if (verdict_of(b) == wanted) names += (names.empty() ? "" : ", ") + report::plain(b.name);
  }
  return names;
}

using description = std::string (*)(const stats::work_counts&, const stats::work_counts&);

/// "name (allocations 2 to 3), ..." of those that do too much.
template <class TooMuch>
std::string names_that(const store::result_file& file, TooMuch too_much, description describe) {
  std::string names;
  for (const store::benchmark& b : file.benchmarks) {
    if (!b.base_counts || !b.head_counts || !too_much(*b.base_counts, *b.head_counts)) continue;
    names += (names.empty() ? "" : ", ") + report::plain(b.name) + " (" +
             describe(*b.base_counts, *b.head_counts) + ")";
  }
  return names;
}

std::string names_over_instructions(const store::result_file& file, double most_percent) {
  // As the decimal fraction was meant: 0.5 % more of 1000 is 1005, whatever binary makes of it.
  constexpr double rounding = 1e-9;
  const auto too_much = [&](const stats::work_counts& base, const stats::work_counts& head) {
    const auto ratio = stats::instruction_ratio(base, head);
    return ratio && (*ratio - 1) * 100 > most_percent + rounding;
  };
  return names_that(file, too_much, stats::describe_instructions);
}

std::string names_over_allocations(const store::result_file& file, double most) {
  const auto too_much = [&](const stats::work_counts& base, const stats::work_counts& head) {
    const auto more = stats::allocations_more(base, head);
    return more && *more > most;
  };
  return names_that(file, too_much, stats::describe_allocations);
}

struct uncounted {
  std::string names;  ///< With the reasons.
  bool all = true;    ///< None of the benchmarks of both sides was counted.
};

uncounted without_counts(const store::result_file& file, const gate_rules& rules) {
  uncounted found;
  for (const store::benchmark& b : file.benchmarks) {
    const verdict v = verdict_of(b);
    if (v == verdict::missing || v == verdict::added || v == verdict::failed) continue;
    const stats::work_counts base = b.base_counts.value_or(stats::work_counts{});
    const stats::work_counts head = b.head_counts.value_or(stats::work_counts{});
    if ((!rules.most_instructions_percent || stats::instruction_ratio(base, head)) &&
        (!rules.most_allocations || stats::allocations_more(base, head))) {
      found.all = false;
      continue;
    }
    const std::string& why = head.why_not.empty() ? base.why_not : head.why_not;
    found.names += (found.names.empty() ? "" : ", ") + report::plain(b.name) +
                   (why.empty() ? "" : " (" + report::plain(why) + ")");
  }
  return found;
}

}  // namespace

gate_outcome judge(const store::result_file& file, const gate_rules& rules) {
  gate_outcome outcome;
  const auto object = [&](exit_code code, std::string line) {
    if (outcome.code == exit_code::ok) outcome.code = code;
    outcome.lines.push_back(std::move(line));
  };
  const auto object_to = [&](verdict what, exit_code code) {
    const std::string names = names_with(file, what);
    if (!names.empty()) object(code, std::string(stats::to_string(what)) + ": " + names);
  };
  object_to(verdict::failed, exit_code::benchmark_failed);
  object_to(verdict::regressed, exit_code::regression);
  if (!rules.allow_missing) object_to(verdict::missing, exit_code::regression);
  if (rules.most_instructions_percent) {
    const std::string names = names_over_instructions(file, *rules.most_instructions_percent);
    if (!names.empty()) object(exit_code::regression, "too many more instructions: " + names);
  }
  if (rules.most_allocations) {
    const std::string names = names_over_allocations(file, *rules.most_allocations);
    if (!names.empty()) object(exit_code::regression, "too many more allocations: " + names);
  }
  if (file.interrupted) object(exit_code::inconclusive, "the run was interrupted: not all was measured");
  if (rules.strict) object_to(verdict::inconclusive, exit_code::inconclusive);
  if (rules.judges_counts()) {
    const uncounted lacking = without_counts(file, rules);
    if (!lacking.names.empty() && (lacking.all || rules.strict)) {
      object(exit_code::inconclusive, "not counted: " + lacking.names);
    } else if (!lacking.names.empty()) {
      outcome.lines.push_back("not counted: " + lacking.names);
    }
  }
  if (outcome.code == exit_code::ok) outcome.lines.emplace_back("passed");
  return outcome;
}

support::result<store::result_file> load_comparison(const std::string& path) {
  using support::error_kind;
  auto file = store::load(path);
  if (!file) return file.error();
  if (file->kind != store::run_kind::comparison) {
    return support::error{
        error_kind::unreadable_input,
        path + ": a result of deft run, in which nothing is compared; expected one of deft ab"};
  }
  if (file->benchmarks.empty() && !file->interrupted)
    return support::error{error_kind::unreadable_input, path + ": has no benchmarks to judge"};
  return file;
}

}  // namespace deft::cli
