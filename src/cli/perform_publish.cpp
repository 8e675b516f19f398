#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include "cli/gate.hpp"
#include "cli/output.hpp"
#include "cli/perform.hpp"
#include "report/publish.hpp"
#include "support/files.hpp"

namespace deft::cli {
namespace {

namespace fs = std::filesystem;
using support::error;
using support::error_kind;
using support::result;

/// Where GitHub wants a step's summary.
result<fs::path> step_summary_file() {
  const char* name = std::getenv("GITHUB_STEP_SUMMARY");
  if (name == nullptr || *name == '\0') {
    return error{
        error_kind::usage,
        "--step-summary needs the variable GITHUB_STEP_SUMMARY, which GitHub sets in a step of a workflow"};
  }
  return fs::path(name);
}

/// GitHub drops a summary that is too long as a whole, with what earlier commands of the step put there.
result<void> append_summary(const store::result_file& file, const fs::path& path) {
  std::error_code absent;
  const std::uintmax_t held = fs::file_size(path, absent);
  const std::size_t used = absent ? 0 : static_cast<std::size_t>(held);
  // A file may end inside a line or a table; two line ends close either.
  const std::string between = used > 0 ? "\n\n" : "";
  if (used + between.size() + report::comment_limit_bytes > report::step_summary_limit_bytes) {
    return error{error_kind::unwritable_output,
                 "cannot write " + path.string() + ": the step's summary holds " + std::to_string(used) +
                     " bytes, and GitHub takes " + std::to_string(report::step_summary_limit_bytes)};
  }
  const std::size_t room = report::step_summary_limit_bytes - used - between.size();
  return support::append_file(path, between + report::to_markdown(file, room));
}

/// Whether writing there would destroy what is read.
bool is_same_file(const std::string& output, const std::string& input) {
  std::error_code absent;
  return fs::equivalent(output, input, absent);
}

result<void> check_outputs(const publish_command& wish) {
  for (const std::string& path : {wish.markdown, wish.junit}) {
    if (path.empty() || path == "-") continue;
    if (is_same_file(path, wish.result)) return error{error_kind::usage, path + " is the result file itself"};
    if (auto writable = check_writable(path); !writable) return writable;
  }
  if (!wish.step_summary) return {};
  const auto summary = step_summary_file();
  if (!summary) return summary.error();
  return check_writable(*summary);
}

result<void> write_to(const std::string& path, const std::string& text) {
  if (path != "-") return support::write_file(path, text);
  std::fputs(text.c_str(), stdout);  // What becomes of it is seen when the program flushes it.
  return {};
}

}  // namespace

exit_code perform(const publish_command& publish) {
  const auto file = load_comparison(publish.result);
  if (!file) return refuse(file.error());
  if (const auto writable = check_outputs(publish); !writable) return refuse(writable.error());

  const report::strictness rules{publish.rules.strict, !publish.rules.allow_missing};
  exit_code code = exit_code::ok;
  // One output that fails is no reason to withhold the others.
  const auto note = [&code](const result<void>& outcome) {
    if (outcome) return;
    const exit_code failed = refuse(outcome.error());
    if (code == exit_code::ok) code = failed;
  };
  if (!publish.markdown.empty())
    note(write_to(publish.markdown, report::to_markdown(*file, report::comment_limit_bytes)));
  if (!publish.junit.empty()) note(write_to(publish.junit, report::to_junit(*file, rules)));
  if (publish.step_summary) note(append_summary(*file, *step_summary_file()));
  if (publish.annotations) std::fputs(report::to_annotations(*file, rules).c_str(), stdout);
  if (!publish.gate || code != exit_code::ok) return code;
  const gate_outcome outcome = judge(*file, publish.rules);
  // Not on the standard output, which may be somebody's Markdown.
  for (const std::string& line : outcome.lines) std::fprintf(stderr, "gate: %s\n", line.c_str());
  return outcome.code;
}

}  // namespace deft::cli
