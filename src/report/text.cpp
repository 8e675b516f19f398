#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "report/escape.hpp"
#include "report/explanations.hpp"
#include "report/numbers.hpp"
#include "report/report.hpp"
#include "report/summary.hpp"
#include "report/work_text.hpp"

namespace deft::report {
namespace {

enum class align { left, right };

struct column {
  align side;
  std::size_t width = 0;
};

using row = std::vector<std::string>;

std::string padded(const std::string& cell, const column& to) {
  const std::size_t width = display_width(cell);
  const std::string space(to.width > width ? to.width - width : 0, ' ');
  return to.side == align::left ? cell + space : space + cell;
}

// The last cell is free text and is not padded.
std::string laid_out(const std::vector<row>& rows, std::vector<column> columns) {
  for (const row& r : rows) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      columns[i].width = std::max(columns[i].width, display_width(r[i]));
    }
  }
  std::string out;
  for (const row& r : rows) {
    std::string line;
    for (std::size_t i = 0; i < columns.size(); ++i) line += padded(r[i], columns[i]) + "  ";
    line += r.back();
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

row comparison_row(const store::benchmark& benchmark, bool counted, const explanations& why) {
  const stats::decision decision = shown_decision(benchmark);
  const bool says_more = decision.verdict != stats::verdict::equivalent;
  const std::string range = interval(decision.head);
  row cells = {std::string(symbol(decision.verdict)) + " " + stats::to_string(decision.verdict),
               plain(benchmark.name),
               time_per_iteration(benchmark.base_ns),
               time_per_iteration(benchmark.head_ns),
               ratio(decision.head.ratio),
               range == no_number ? range : "[" + range + "]"};
  if (counted) {
    cells.push_back(instructions_of(benchmark, store::run_kind::comparison));
    cells.push_back(allocations_of(benchmark, store::run_kind::comparison));
  }
  // Counts that differ are worth a word though the time is the same.
  const bool other_work = counted && decision.reason.find(" work, same time") != std::string::npos;
  std::string reason = says_more || other_work ? plain(decision.reason) : "";
  reason = plain(culprit_of(why, benchmark.name, decision.verdict).after(reason));
  if (const std::string why_not = counted ? plain(why_not_counted(benchmark)) : ""; !why_not.empty())
    reason += (reason.empty() ? "" : "; ") + why_not;
  cells.push_back(std::move(reason));
  return cells;
}

bool was_timed(const store::result_file& file) {
  return std::any_of(file.benchmarks.begin(), file.benchmarks.end(),
                     [](const store::benchmark& b) { return b.base_ns > 0 || !b.rounds.empty(); });
}

std::string single_table(const store::result_file& file) {
  const bool counted = has_counts(file);
  const bool timed = !counted || was_timed(file);
  row head = {"benchmark"};
  if (timed) head.emplace_back("per iteration");
  if (counted) head.insert(head.end(), {"instructions", "allocations", "allocated", "peak heap"});
  head.emplace_back();
  std::vector<row> rows = {std::move(head)};
  for (const auto& benchmark : file.benchmarks) {
    row cells = {plain(benchmark.name)};
    if (timed) cells.push_back(time_per_iteration(benchmark.base_ns));
    if (counted) {
      cells.insert(cells.end(), {instructions_of(benchmark, file.kind), allocations_of(benchmark, file.kind),
                                 allocated_bytes_of(benchmark), peak_bytes_of(benchmark)});
    }
    cells.push_back(plain(benchmark.failure.empty() ? why_not_counted(benchmark) : benchmark.failure));
    rows.push_back(std::move(cells));
  }
  std::vector<column> columns(rows.front().size() - 1, {align::right});
  columns.front().side = align::left;
  return laid_out(rows, std::move(columns));
}

std::string comparison_table(const store::result_file& file) {
  const bool counted = has_counts(file);
  row head = {"verdict", "benchmark", "base", "head", "ratio", "interval"};
  std::vector<column> columns = {{align::left},  {align::left},  {align::right},
                                 {align::right}, {align::right}, {align::left}};
  if (counted) {
    head.insert(head.end(), {"instructions", "allocations"});
    columns.insert(columns.end(), {{align::right}, {align::right}});
  }
  head.emplace_back("reason");
  std::vector<row> rows = {std::move(head)};
  const explanations why = explain_all(file);
  for (const auto* benchmark : by_urgency(file)) rows.push_back(comparison_row(*benchmark, counted, why));
  return laid_out(rows, std::move(columns));
}

}  // namespace

std::string to_text(const store::result_file& file) {
  std::string table = file.kind == store::run_kind::single ? single_table(file) : comparison_table(file);
  if (file.benchmarks.empty()) table.clear();
  std::string out = table + (table.empty() ? "" : "\n") + plain(headline(file)) + "\n";
  const std::string counts = counts_phrase(file);
  if (!counts.empty()) out += counts + "\n";
  if (!file.note.empty()) out += plain(file.note) + "\n";
  return out;
}

}  // namespace deft::report
