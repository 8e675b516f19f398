#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <string>

#include "report/escape.hpp"
#include "report/explanations.hpp"
#include "report/numbers.hpp"
#include "report/publish.hpp"
#include "report/summary.hpp"
#include "report/work_text.hpp"

namespace deft::report {
namespace {

using stats::verdict;

std::string attribute(const char* name, std::string_view value) {
  return " " + std::string(name) + "=\"" + xml_escaped(value) + "\"";
}

std::string seconds(double value) {
  std::array<char, 400> text{};
  const double shown = std::isfinite(value) && value > 0 ? value : 0;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), shown, std::chars_format::fixed, 3);
  return {text.data(), end.ptr};
}

// Of the three that run at once on one core each has its own share of the time.
double measured_seconds(const store::benchmark& benchmark) {
  const bool cpu = measure::counts_cpu_time(benchmark.method);
  double ns = 0;
  for (const auto& round : benchmark.rounds) {
    for (const auto* process : {&round.base, &round.head, &round.control}) {
      for (const auto& r : *process) ns += (cpu ? r.cpu_ns : r.real_ns) * static_cast<double>(r.iterations);
    }
  }
  return ns * 1e-9;
}

std::string figures(const store::benchmark& benchmark, const stats::decision& d) {
  const std::string work = work_phrase(benchmark);
  return "base " + time_per_iteration(benchmark.base_ns) + ", head " + time_per_iteration(benchmark.head_ns) +
         ", ratio " + known_ratio(d.head) + " (" + interval(d.head) + "), A/A control " +
         known_ratio(d.control) + ", could see " + plus_minus(d.smallest_effect) +
         (work.empty() ? "" : ", " + work);
}

struct counters {
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;
  std::size_t skipped = 0;
};

std::string element(const char* name, verdict v, const std::string& reason, const std::string& text) {
  const std::string begin = "      <" + std::string(name) + attribute("message", reason);
  // JUnit's skipped has a message only.
  if (std::string_view(name) == "skipped") return begin + "/>\n";
  return begin + attribute("type", stats::to_string(v)) + ">" + xml_escaped(text) + "</" + name + ">\n";
}

std::string test_case(const store::benchmark& benchmark, const strictness& rules, const explanations& why,
                      counters& n) {
  const stats::decision d = shown_decision(benchmark);
  const std::string text = figures(benchmark, d);
  const std::string reason = std::string(stats::to_string(d.verdict)) + ": " +
                             culprit_of(why, benchmark.name, d.verdict).after(d.reason);
  ++n.tests;
  std::string out = "    <testcase" + attribute("classname", "deft") + attribute("name", benchmark.name) +
                    attribute("time", seconds(measured_seconds(benchmark))) + ">\n";
  switch (class_of(d.verdict, rules)) {
    case outcome_class::failed:
      ++(d.verdict == verdict::failed ? n.errors : n.failures);
      out += element(d.verdict == verdict::failed ? "error" : "failure", d.verdict, reason, text);
      break;
    case outcome_class::open:
      ++n.skipped;
      out += element("skipped", d.verdict, reason, text);
      break;
    case outcome_class::passed:
      break;
  }
  return out + "      <system-out>" + xml_escaped(reason + "; " + text) + "</system-out>\n    </testcase>\n";
}

std::string property(const char* name, std::string_view value) {
  return "      <property" + attribute("name", name) + attribute("value", value) + "/>\n";
}

}  // namespace

std::string to_junit(const store::result_file& file, const strictness& rules) {
  counters n;
  std::string cases;
  const explanations why = explain_all(file);
  for (const auto* benchmark : by_urgency(file)) cases += test_case(*benchmark, rules, why, n);
  if (file.interrupted) {
    // Else what was not measured would not be missed.
    ++n.tests;
    ++n.errors;
    cases += "    <testcase" + attribute("classname", "deft") + attribute("name", "the whole run") +
             attribute("time", "0.000") +
             ">\n      <error message=\"the run was interrupted: not all was measured\" "
             "type=\"interrupted\"></error>\n    </testcase>\n";
  }
  // JUnit's schema has no time zone here; the time is UTC.
  std::string created = file.created;
  if (created.ends_with('Z')) created.pop_back();
  const std::string totals =
      attribute("tests", std::to_string(n.tests)) + attribute("failures", std::to_string(n.failures)) +
      attribute("errors", std::to_string(n.errors)) + attribute("skipped", std::to_string(n.skipped)) +
      attribute("time", seconds(file.duration_seconds));
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" + attribute("name", "deft") + totals +
         ">\n  <testsuite" + attribute("name", "deft: " + file.base.label + " to " + file.head.label) +
         totals + attribute("timestamp", created) + ">\n    <properties>\n" +
         property("base", file.base.label) + property("head", file.head.label) +
         property("control", control_sentence(file)) + property("deft_version", file.deft_version) +
         "    </properties>\n" + cases + "    <system-out>" + xml_escaped(headline(file)) +
         "</system-out>\n  </testsuite>\n</testsuites>\n";
}

}  // namespace deft::report
