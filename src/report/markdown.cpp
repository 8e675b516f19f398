#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "report/escape.hpp"
#include "report/explanations.hpp"
#include "report/numbers.hpp"
#include "report/publish.hpp"
#include "report/report.hpp"
#include "report/summary.hpp"
#include "report/work_text.hpp"

namespace deft::report {
namespace {

constexpr std::size_t reserved_for_last_lines = 400;
constexpr std::size_t name_limit = 160;
constexpr std::size_t reason_limit = 240;
constexpr std::size_t label_limit = 200;

using stats::verdict;

bool needs_a_look(verdict v) {
  return v != verdict::equivalent && v != verdict::inconclusive;
}

std::string code(std::string_view text, std::size_t code_points) {
  return markdown_code(clipped(plain(text), code_points));
}

std::string prose(std::string_view text, std::size_t code_points) {
  return markdown_escaped(clipped(plain(text), code_points));
}

// The decision's reason, and which function did it.
std::string reason(const store::benchmark& benchmark, const stats::decision& d, const explanations& why) {
  const culprit did_it = culprit_of(why, benchmark.name, d.verdict);
  if (did_it.function.empty()) return prose(d.reason, reason_limit);
  std::string_view told = d.reason;
  if (told.ends_with('.')) told.remove_suffix(1);
  return prose(told, reason_limit) + "; made " + did_it.how + " by " + code(did_it.function, name_limit) +
         prose(did_it.how_much, reason_limit);
}

std::string comparison_row(const store::benchmark& benchmark, bool counted, const explanations& why) {
  std::string work;
  if (counted) {
    work = instructions_of(benchmark, store::run_kind::comparison) + " | " +
           allocations_of(benchmark, store::run_kind::comparison) + " | ";
  }
  const stats::decision d = shown_decision(benchmark);
  return "| " + std::string(symbol(d.verdict)) + " " + stats::to_string(d.verdict) + " | " +
         code(benchmark.name, name_limit) + " | " + time_per_iteration(benchmark.base_ns) + " | " +
         time_per_iteration(benchmark.head_ns) + " | " + known_ratio(d.head) + " | " + interval(d.head) +
         " | " + known_ratio(d.control) + " | " + plus_minus(d.smallest_effect) + " | " + work +
         reason(benchmark, d, why) + " |\n";
}

std::string comparison_head(bool counted) {
  const std::string work = counted ? "Instructions | Allocations | " : "";
  return "| Verdict | Benchmark | Base | Head | Ratio | Interval | A/A control | Could see | " + work +
         "Reason |\n|:--|:--|--:|--:|--:|:--|--:|--:|" + (counted ? "--:|--:|" : "") + ":--|\n";
}

std::string single_row(const store::benchmark& benchmark, bool counted) {
  std::string work;
  if (counted) {
    work = instructions_of(benchmark, store::run_kind::single) + " | " +
           allocations_of(benchmark, store::run_kind::single) + " | " + allocated_bytes_of(benchmark) +
           " | " + peak_bytes_of(benchmark) + " | ";
  }
  const std::string remark = benchmark.failure.empty() ? why_not_counted(benchmark) : benchmark.failure;
  return "| " + code(benchmark.name, name_limit) + " | " + time_per_iteration(benchmark.base_ns) + " | " +
         work + prose(remark, reason_limit) + " |\n";
}

std::string single_head(bool counted) {
  if (!counted) return "| Benchmark | Time per iteration | Failure |\n|:--|--:|:--|\n";
  return "| Benchmark | Time per iteration | Instructions | Allocations | Allocated | Peak heap | Failure |\n"
         "|:--|--:|--:|--:|--:|--:|:--|\n";
}

std::string run_details(const store::result_file& file) {
  const auto line = [](const char* what, const std::string& value) {
    return value.empty() ? std::string() : "- " + std::string(what) + ": " + value + "\n";
  };
  std::string out = "\n<details><summary>Machine and noise of the run</summary>\n\n";
  out += line("Processor", prose(file.machine.cpu_model, label_limit) + " (" +
                               std::to_string(file.machine.logical_cpus) + " logical)");
  out += line("System", prose(file.machine.operating_system, label_limit));
  out += line("Kernel", prose(file.machine.kernel, label_limit));
  out += line("Taken by others",
              plus_minus(file.noise.other_busy_fraction) == no_number
                  ? "0 % of processor time"
                  : percent_change(1 + file.noise.other_busy_fraction) + " of processor time");
  if (file.kind == store::run_kind::comparison) {
    out += line("Tolerated band", plus_minus(file.band));
  }
  out += line("Measured", code(file.created, label_limit) + ", took " + duration(file.duration_seconds));
  out += line("By", "deft " + prose(file.deft_version, label_limit));
  return out + "\n</details>\n";
}

// Appends rows while they fit; the rest is counted.
class budget {
 public:
  budget(std::string& out, std::size_t limit) : out_(out), limit_(limit) {}

  void reserve(std::size_t bytes) { reserved_ += bytes; }

  void row(const std::string& text) {
    if (left_out_ > 0 || out_.size() + text.size() + reserved_ > limit_) {
      ++left_out_;
    } else {
      out_ += text;
    }
  }

  std::size_t left_out() const { return left_out_; }

 private:
  std::string& out_;
  std::size_t limit_;
  std::size_t reserved_ = reserved_for_last_lines;
  std::size_t left_out_ = 0;
};

void append_single(std::string& out, budget& rows, const store::result_file& file) {
  if (file.benchmarks.empty()) return;
  out += "\n";
  const bool counted = has_counts(file);
  out += single_head(counted);
  for (const auto& benchmark : file.benchmarks) rows.row(single_row(benchmark, counted));
}

void append_comparison(std::string& out, budget& rows, const store::result_file& file) {
  const bool counted = has_counts(file);
  const explanations why = explain_all(file);
  std::vector<const store::benchmark*> first;
  std::vector<const store::benchmark*> rest;
  for (const auto* benchmark : by_urgency(file)) {
    (needs_a_look(shown_decision(*benchmark).verdict) ? first : rest).push_back(benchmark);
  }
  if (!first.empty()) {
    out += "\n";
    out += comparison_head(counted);
    for (const auto* benchmark : first) rows.row(comparison_row(*benchmark, counted, why));
  }
  if (!rest.empty()) {
    out += "\n<details><summary>" + std::to_string(rest.size()) +
           " equivalent or inconclusive</summary>\n\n" + comparison_head(counted);
    for (const auto* benchmark : rest) rows.row(comparison_row(*benchmark, counted, why));
    out += "\n</details>\n";
  }
}

}  // namespace

std::string to_markdown(const store::result_file& file) {
  return to_markdown(file, comment_limit_bytes);
}

std::string to_markdown(const store::result_file& file, std::size_t limit_bytes) {
  std::string out = "**" + prose(headline(file), 2 * label_limit) + "**\n";
  const std::string counts = counts_phrase(file);
  if (file.kind == store::run_kind::comparison) {
    out += "\nBase " + code(file.base.label, label_limit) + ", head " + code(file.head.label, label_limit) +
           (counts.empty() ? "" : ": " + counts) + ".\n";
    out += "\n" + control_sentence(file) + "\n";
  } else {
    out += "\nProgram " + code(file.base.label, label_limit) + ".\n";
  }
  if (!file.note.empty()) out += "\n" + prose(file.note, 2 * reason_limit) + "\n";

  const std::string details = run_details(file);
  budget rows(out, limit_bytes);
  rows.reserve(details.size());
  if (file.kind == store::run_kind::single) {
    append_single(out, rows, file);
  } else {
    append_comparison(out, rows, file);
  }
  out += details;
  if (rows.left_out() > 0) {
    out += "\nLeft out to keep this short: " + std::to_string(rows.left_out()) + " of " +
           std::to_string(file.benchmarks.size()) +
           " benchmarks, the least urgent ones. The result file and the HTML report have them all.\n";
  }
  return out;
}

}  // namespace deft::report
