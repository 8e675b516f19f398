#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "store/json_document.hpp"
#include "store/json_node.hpp"
#include "store/paired_json.hpp"
#include "store/paired_profiles.hpp"
#include "store/profile_json.hpp"
#include "store/result_file.hpp"
#include "store/schema.hpp"

namespace deft::store {

namespace {

void read(const node& from, measure::repetition& out) {
  expect_size(from, 3, "[cpu_ns, real_ns, iterations]");
  from.at(0).read(out.cpu_ns);
  from.at(1).read(out.real_ns);
  from.at(2).read(out.iterations);
}

void read(const node& from, measure::round& out) {
  from["confirmation"].read(out.confirmation);
  const auto read_process = [](const node& process, measure::process_run& repetitions) {
    read_all(process, repetitions, [](const node& one, measure::repetition& r) { read(one, r); });
  };
  read_process(from["base"], out.base);
  read_process(from["head"], out.head);
  read_process(from["control"], out.control);
}

void read(const node& from, stats::ratio_estimate& out) {
  from["ratio"].read(out.ratio);
  from["low"].read(out.low);
  from["high"].read(out.high, std::numeric_limits<double>::infinity());
}

void read(const node& from, stats::decision& out) {
  from["verdict"].read(out.verdict, verdict_words);
  from["reason"].read(out.reason);
  read(from["head"], out.head);
  read(from["control"], out.control);
  from["smallest_effect"].read(out.smallest_effect);
  from["p_value"].read(out.p_value);
  from["confirmed"].read(out.confirmed);
  if (from.has("layout_floor"))
    from["layout_floor"].read(out.layout_floor.emplace(), std::numeric_limits<double>::infinity());
}

void read_count(const node& from, std::optional<double>& out) {
  double value = 0;
  from.read(value);
  if (value < 0) from.fail("a number of at least 0, or null");
  if (!std::isnan(value)) out = value;
}

void read(const node& from, stats::work_counts& out) {
  read_count(from["instructions"], out.instructions);
  read_count(from["allocations"], out.allocations);
  read_count(from["allocated_bytes"], out.allocated_bytes);
  if (!from["peak_bytes"].is_null()) from["peak_bytes"].read(out.peak_bytes.emplace());
  from["why_not"].read(out.why_not);
}

void read(const node& from, benchmark& out) {
  from["name"].read(out.name);
  from["method"].read(out.method, method_words);
  from["failure"].read(out.failure);
  from["base_ns"].read(out.base_ns);
  from["head_ns"].read(out.head_ns);
  if (from.has("program")) from["program"].read(out.program.emplace());
  if (from.has("name_in_program")) from["name_in_program"].read(out.name_in_program);
  if (from.has("decision")) read(from["decision"], out.decision.emplace());
  read_all(from["rounds"], out.rounds, [](const node& one, measure::round& r) { read(one, r); });
  if (from.has("profile")) read(from["profile"], out.profile.emplace());
  if (from.has("base_profile")) read(from["base_profile"], out.base_profile.emplace());
  if (from.has("paired")) {
    diff::profile_rounds paired;
    store::read(from["paired"], paired);
    set_paired(out, std::move(paired));
  }
  if (from.has("base_counts")) read(from["base_counts"], out.base_counts.emplace());
  if (from.has("head_counts")) read(from["head_counts"], out.head_counts.emplace());
}

void read(const node& from, run_noise& out) {
  from["load_average_before"].read(out.load_average_before);
  from["load_average_after"].read(out.load_average_after);
  from["steal_fraction"].read(out.steal_fraction);
  from["other_busy_fraction"].read(out.other_busy_fraction);
  from["control_spread"].read(out.control_spread);
  from["involuntary_switches"].read(out.involuntary_switches);
}

void read(const node& from, measured_program& out) {
  from["path"].read(out.path);
  read_all(from["arguments"], out.arguments, [](const node& one, std::string& text) { one.read(text); });
  read_all(from["environment"], out.environment, [](const node& one, auto& variable) {
    expect_size(one, 2, "[name, value]");
    one.at(0).read(variable.first);
    one.at(1).read(variable.second);
  });
  from["size_bytes"].read(out.size_bytes);
  from["content"].read(out.content);
}

void read(const node& from, arm& out) {
  from["label"].read(out.label);
  from["program"].read(out.program);
  from["revision"].read(out.revision);
  if (from.has("programs"))
    read_all(from["programs"], out.programs, [](const node& one, measured_program& p) { read(one, p); });
}

void read(const node& root, result_file& out) {
  root["kind"].read(out.kind, kind_words);
  root["deft_version"].read(out.deft_version);
  root["created"].read(out.created);
  root["duration_seconds"].read(out.duration_seconds);
  root["interrupted"].read(out.interrupted);
  root["note"].read(out.note);
  read(root["machine"], out.machine);
  read(root["noise"], out.noise);
  read(root["base"], out.base);
  read(root["head"], out.head);
  root["seed"].read(out.seed);
  root["band"].read(out.band);
  root["confidence"].read(out.confidence);
  const std::size_t programs = std::min(out.base.programs.size(), out.head.programs.size());
  read_all(root["benchmarks"], out.benchmarks, [programs](const node& one, benchmark& b) {
    read(one, b);
    if (b.program && *b.program >= programs) one["program"].fail("the index of a program of both sides");
  });
}

}  // namespace

support::result<result_file> from_json(std::string_view text, std::string_view origin) {
  result_file file;
  const auto read_file = [&file](const node& root) { read(root, file); };
  const auto outcome =
      read_document(text, origin, {result_schema_name, "result", result_file::current_version}, read_file);
  if (!outcome) return outcome.error();
  return file;
}

}  // namespace deft::store
