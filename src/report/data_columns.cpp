#include "report/data_columns.hpp"

#include <cmath>
#include <cstddef>
#include <map>
#include <utility>

#include "report/escape.hpp"
#include "report/numbers.hpp"
#include "report/short_name.hpp"

namespace deft::report {

json number(double value) {
  constexpr int shown_digits = 5;
  return std::isfinite(value) ? json(rounded(value, shown_digits)) : json(nullptr);
}

json frame_columns(const frame_table& table) {
  json strings = json::array();
  std::map<std::string, std::size_t> numbers;
  const auto string_number = [&](const std::string& text) {
    const auto [at, is_new] = numbers.try_emplace(plain(text), numbers.size());
    if (is_new) strings.push_back(at->first);
    return at->second;
  };
  json columns = {{"function", json::array()}, {"short", json::array()}, {"module", json::array()},
                  {"file", json::array()},     {"line", json::array()},  {"inlined", json::array()}};
  for (const auto& frame : table.frames()) {
    columns["function"].push_back(string_number(frame.function));
    const bool is_name_given_by_people = frame.module == "[scope]";
    columns["short"].push_back(
        string_number(is_name_given_by_people ? frame.function : short_name(frame.function)));
    columns["module"].push_back(string_number(frame.module));
    columns["file"].push_back(string_number(frame.file));
    columns["line"].push_back(frame.line);
    columns["inlined"].push_back(frame.inlined ? 1 : 0);
  }
  columns["strings"] = std::move(strings);
  return columns;
}

json profile_facts(const symbols::stack_profile& profile) {
  return {{"collector", plain(profile.collector)},
          {"unavailable", plain(profile.unavailable)},
          {"note", plain(profile.note)},
          {"hz", profile.frequency_hz},
          {"samples", profile.samples},
          {"discarded", profile.discarded},
          {"lost", profile.lost},
          {"unrooted", profile.unrooted}};
}

json machine_facts(const store::machine& machine) {
  return {{"cpu", plain(machine.cpu_model)},
          {"cpus", machine.logical_cpus},
          {"memory", machine.memory_bytes},
          {"kernel", plain(machine.kernel)},
          {"system", plain(machine.operating_system)},
          {"perf", plain(machine.perf_event)}};
}

}  // namespace deft::report
