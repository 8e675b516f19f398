#include <algorithm>
#include <cstdio>
#include <string>

#include "deft/core/version.hpp"

#include "cli/perform.hpp"
#include "profile/machine_check.hpp"
#include "report/escape.hpp"
#include "store/json_document.hpp"

namespace deft::cli {
namespace {

using findings = std::vector<profile::machine_finding>;

std::string as_json(const findings& found) {
  auto list = store::ordered_json::array();
  for (const profile::machine_finding& f : found)
    list.push_back({{"what", f.what}, {"available", f.available}, {"reason", f.reason}, {"help", f.help}});
  return store::text_of(
      {{"schema", "deft-doctor"}, {"version", 1}, {"deft_version", DEFT_VERSION_STRING}, {"findings", list}});
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
  const findings found = profile::examine_machine();
  std::fputs((wish.json ? as_json(found) : as_table(found)).c_str(), stdout);
  return exit_code::ok;
}

}  // namespace deft::cli
