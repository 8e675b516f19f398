#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "deft/core/version.hpp"

#include "cli/contenders.hpp"
#include "cli/mode.hpp"
#include "cli/output.hpp"
#include "cli/perform.hpp"
#include "profile/machine_check.hpp"
#include "report/escape.hpp"
#include "store/json_document.hpp"
#include "support/process.hpp"

namespace deft::cli {
namespace {

using findings = std::vector<profile::machine_finding>;

/// What the modes of comparison need of this machine.
findings examine_modes() {
  const std::size_t cpus = support::allowed_cpus().size();
  const std::string one = "one processor is enough; ";
  findings found{
      {"comparing, --mode workers", true, one + "for programs that link deft::measure", ""},
      {"comparing, --mode same-core", true, one + "for any Google Benchmark program or command", ""},
      {"comparing, --mode alternate", true, one + "for wall time and threads", ""},
      {"comparing, --mode duet", cpus >= 2, "", ""}};
  if (cpus >= 2) {
    found.back().reason = "this process may use " + std::to_string(cpus) + " processors";
  } else {
    found.back().reason = "this process may use one processor only";
    found.back().help = "run deft where it may use two (taskset, cgroup)";
  }
  return found;
}

/// What --mode auto makes of one benchmark.
struct mode_row {
  std::string program;
  std::string benchmark;
  mode_choice choice;
};

support::result<std::vector<mode_row>> examine_programs(const std::vector<std::string>& paths) {
  std::vector<mode_row> rows;
  for (const std::string& path : paths) {
    const measure_options usual;
    measure::contender alone{program_at(path, usual, {}), std::nullopt};
    const auto names = names_of(alone.base, usual);
    if (!names) return names.error();
    for (const std::string& name : *names)
      rows.push_back({path, name, choose_mode(name, alone, comparison_mode::automatic)});
  }
  return rows;
}

/// A line for each program and mode: where a hundred benchmarks have one mode, its reason stands there once.
std::string as_table(const std::vector<mode_row>& rows) {
  std::string text;
  std::vector<std::pair<std::string, std::vector<const mode_row*>>> groups;
  for (const mode_row& row : rows) {
    const std::string title =
        row.program + ": --mode " + mode_word(row.choice.how) + ", because " + row.choice.why;
    if (groups.empty() || groups.back().first != title) {
      const auto same = std::find_if(groups.begin(), groups.end(),
                                     [&title](const auto& group) { return group.first == title; });
      if (same != groups.end()) {
        same->second.push_back(&row);
        continue;
      }
      groups.push_back({title, {}});
    }
    groups.back().second.push_back(&row);
  }
  for (const auto& [title, members] : groups) {
    text += report::plain(title) + "\n";
    for (const mode_row* row : members) text += "  " + report::plain(row->benchmark) + "\n";
  }
  return text;
}

std::string as_json(const findings& found, const std::vector<mode_row>& rows) {
  auto list = store::ordered_json::array();
  for (const profile::machine_finding& f : found)
    list.push_back({{"what", f.what}, {"available", f.available}, {"reason", f.reason}, {"help", f.help}});
  store::ordered_json document = {
      {"schema", "deft-doctor"}, {"version", 1}, {"deft_version", DEFT_VERSION_STRING}, {"findings", list}};
  if (!rows.empty()) {
    auto benchmarks = store::ordered_json::array();
    for (const mode_row& row : rows)
      benchmarks.push_back({{"program", row.program},
                            {"name", row.benchmark},
                            {"mode", mode_word(row.choice.how)},
                            {"why", row.choice.why}});
    document["benchmarks"] = std::move(benchmarks);
  }
  return store::text_of(document);
}

/// A line for each thing, what would help on a line of its own below it.
std::string as_table(const findings& found) {
  std::size_t width = 0;
  for (const profile::machine_finding& f : found) width = std::max(width, f.what.size());
  std::string text;
  for (const profile::machine_finding& f : found) {
    std::string line = report::plain(f.what);
    line.append(width + 2 - std::min(width, line.size()), ' ');
    line += f.available ? "yes" : "no";
    if (!f.reason.empty()) line += (f.available ? "  " : "   ") + report::plain(f.reason);
    text += line + "\n";
    if (!f.help.empty()) text += std::string(width + 7, ' ') + "help: " + report::plain(f.help) + "\n";
  }
  return text;
}

}  // namespace

exit_code perform(const doctor_command& wish) {
  findings found = profile::examine_machine();
  for (profile::machine_finding& f : examine_modes()) found.push_back(std::move(f));
  const auto rows = examine_programs(wish.programs);
  if (!rows) return refuse(rows.error());
  std::fputs((wish.json ? as_json(found, *rows) : as_table(found) + as_table(*rows)).c_str(), stdout);
  return exit_code::ok;
}

}  // namespace deft::cli
