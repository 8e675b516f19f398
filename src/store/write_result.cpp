#include <optional>
#include <string>

#include "store/json_document.hpp"
#include "store/paired_json.hpp"
#include "store/profile_json.hpp"
#include "store/result_file.hpp"
#include "store/schema.hpp"

namespace deft::store {

namespace {

ordered_json to_value(const measure::process_run& run) {
  ordered_json result = ordered_json::array();
  for (const measure::repetition& r : run) result.push_back({r.cpu_ns, r.real_ns, r.iterations});
  return result;
}

ordered_json to_value(const measure::round& round) {
  return {{"confirmation", round.confirmation},
          {"base", to_value(round.base)},
          {"head", to_value(round.head)},
          {"control", to_value(round.control)}};
}

ordered_json to_value(const stats::ratio_estimate& estimate) {
  return {{"ratio", estimate.ratio}, {"low", estimate.low}, {"high", estimate.high}};
}

ordered_json to_value(const stats::decision& decision) {
  ordered_json result = {{"verdict", word(verdict_words, decision.verdict)},
                         {"reason", decision.reason},
                         {"head", to_value(decision.head)},
                         {"control", to_value(decision.control)},
                         {"smallest_effect", decision.smallest_effect},
                         {"p_value", decision.p_value},
                         {"confirmed", decision.confirmed}};
  if (decision.layout_floor) result["layout_floor"] = *decision.layout_floor;
  return result;
}

template <class T>
ordered_json or_null(const std::optional<T>& value) {
  return value ? ordered_json(*value) : ordered_json(nullptr);
}

ordered_json to_value(const stats::work_counts& counts) {
  return {{"instructions", or_null(counts.instructions)},
          {"allocations", or_null(counts.allocations)},
          {"allocated_bytes", or_null(counts.allocated_bytes)},
          {"peak_bytes", or_null(counts.peak_bytes)},
          {"why_not", counts.why_not}};
}

ordered_json to_value(const benchmark& b) {
  ordered_json result = {{"name", b.name},
                         {"method", word(method_words, b.method)},
                         {"failure", b.failure},
                         {"base_ns", b.base_ns},
                         {"head_ns", b.head_ns}};
  if (b.program) result["program"] = *b.program;
  if (!b.name_in_program.empty()) result["name_in_program"] = b.name_in_program;
  if (b.decision) result["decision"] = to_value(*b.decision);
  ordered_json rounds = ordered_json::array();
  for (const measure::round& round : b.rounds) rounds.push_back(to_value(round));
  result["rounds"] = std::move(rounds);
  const bool summed = b.paired && b.paired->unavailable.empty();
  if (b.profile && !summed) result["profile"] = store::to_value(*b.profile);
  if (b.base_profile && !summed) result["base_profile"] = store::to_value(*b.base_profile);
  if (b.paired) result["paired"] = store::to_value(*b.paired);
  if (b.base_counts) result["base_counts"] = to_value(*b.base_counts);
  if (b.head_counts) result["head_counts"] = to_value(*b.head_counts);
  return result;
}

ordered_json to_value(const run_noise& noise) {
  return {{"load_average_before", noise.load_average_before},
          {"load_average_after", noise.load_average_after},
          {"steal_fraction", noise.steal_fraction},
          {"other_busy_fraction", noise.other_busy_fraction},
          {"control_spread", noise.control_spread},
          {"involuntary_switches", noise.involuntary_switches}};
}

ordered_json to_value(const measured_program& p) {
  ordered_json environment = ordered_json::array();
  for (const auto& [name, value] : p.environment) environment.push_back(ordered_json::array({name, value}));
  return {{"path", p.path},
          {"arguments", p.arguments},
          {"environment", std::move(environment)},
          {"size_bytes", p.size_bytes},
          {"content", p.content}};
}

ordered_json to_value(const arm& a) {
  ordered_json result = {{"label", a.label}, {"program", a.program}, {"revision", a.revision}};
  if (a.programs.empty()) return result;
  ordered_json programs = ordered_json::array();
  for (const measured_program& p : a.programs) programs.push_back(to_value(p));
  result["programs"] = std::move(programs);
  return result;
}

}  // namespace

std::string to_json(const result_file& file) {
  ordered_json benchmarks = ordered_json::array();
  for (const benchmark& b : file.benchmarks) benchmarks.push_back(to_value(b));
  const ordered_json document = {{"schema", result_schema_name},
                                 {"version", result_file::current_version},
                                 {"kind", word(kind_words, file.kind)},
                                 {"deft_version", file.deft_version},
                                 {"created", file.created},
                                 {"duration_seconds", file.duration_seconds},
                                 {"interrupted", file.interrupted},
                                 {"note", file.note},
                                 {"machine", to_value(file.machine)},
                                 {"noise", to_value(file.noise)},
                                 {"base", to_value(file.base)},
                                 {"head", to_value(file.head)},
                                 {"seed", file.seed},
                                 {"band", file.band},
                                 {"confidence", file.confidence},
                                 {"benchmarks", std::move(benchmarks)}};
  return text_of(document);
}

}  // namespace deft::store
