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
  if (file.interrupted) object(exit_code::inconclusive, "the run was interrupted: not all was measured");
  if (rules.strict) object_to(verdict::inconclusive, exit_code::inconclusive);
  if (outcome.lines.empty()) outcome.lines.emplace_back("passed");
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
