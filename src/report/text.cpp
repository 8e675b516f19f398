#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "report/escape.hpp"
#include "report/numbers.hpp"
#include "report/report.hpp"
#include "report/summary.hpp"

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

row comparison_row(const store::benchmark& benchmark) {
  const stats::decision decision = shown_decision(benchmark);
  const bool says_more = decision.verdict != stats::verdict::equivalent;
  const std::string range = interval(decision.head);
  return {std::string(symbol(decision.verdict)) + " " + stats::to_string(decision.verdict),
          plain(benchmark.name),
          time_per_iteration(benchmark.base_ns),
          time_per_iteration(benchmark.head_ns),
          ratio(decision.head.ratio),
          range == no_number ? range : "[" + range + "]",
          says_more ? plain(decision.reason) : ""};
}

row single_row(const store::benchmark& benchmark) {
  return {plain(benchmark.name), time_per_iteration(benchmark.base_ns), plain(benchmark.failure)};
}

}  // namespace

std::string to_text(const store::result_file& file) {
  std::vector<row> rows;
  std::string table;
  if (file.kind == store::run_kind::single) {
    rows.push_back({"benchmark", "per iteration", ""});
    for (const auto& benchmark : file.benchmarks) rows.push_back(single_row(benchmark));
    table = laid_out(rows, {{align::left}, {align::right}});
  } else {
    rows.push_back({"verdict", "benchmark", "base", "head", "ratio", "interval", "reason"});
    for (const auto* benchmark : by_urgency(file)) rows.push_back(comparison_row(*benchmark));
    table = laid_out(
        rows, {{align::left}, {align::left}, {align::right}, {align::right}, {align::right}, {align::left}});
  }
  if (file.benchmarks.empty()) table.clear();
  std::string out = table + (table.empty() ? "" : "\n") + plain(headline(file)) + "\n";
  const std::string counts = counts_phrase(file);
  if (!counts.empty()) out += counts + "\n";
  if (!file.note.empty()) out += plain(file.note) + "\n";
  return out;
}

}  // namespace deft::report
