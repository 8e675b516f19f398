#include <string>

#include <nlohmann/json.hpp>

#include "store/result_file.hpp"
#include "store/schema.hpp"

// The order of the keys is the order of the calls below, and every number is written in its shortest form
// that reads back the same: the same content gives the same bytes. Numbers that JSON lacks (infinity, NaN)
// become null.

namespace deft::store {

namespace {

using json = nlohmann::ordered_json;

template <class Enum, std::size_t N>
std::string_view word(const words<Enum, N>& known, Enum value) {
  for (const auto& [candidate, text] : known) {
    if (candidate == value) return text;
  }
  return {};
}

json to_value(const measure::process_run& run) {
  json result = json::array();
  for (const measure::repetition& r : run) result.push_back({r.cpu_ns, r.real_ns, r.iterations});
  return result;
}

json to_value(const measure::round& round) {
  return {{"confirmation", round.confirmation},
          {"base", to_value(round.base)},
          {"head", to_value(round.head)},
          {"control", to_value(round.control)}};
}

json to_value(const stats::ratio_estimate& estimate) {
  return {{"ratio", estimate.ratio}, {"low", estimate.low}, {"high", estimate.high}};
}

json to_value(const stats::decision& decision) {
  return {{"verdict", word(verdict_words, decision.verdict)},
          {"reason", decision.reason},
          {"head", to_value(decision.head)},
          {"control", to_value(decision.control)},
          {"smallest_effect", decision.smallest_effect},
          {"p_value", decision.p_value},
          {"confirmed", decision.confirmed}};
}

json to_value(const symbols::stack_profile& profile) {
  json frames = json::array();
  for (const symbols::frame& f : profile.frames) {
    frames.push_back({f.function, f.module, f.file, f.line, f.inlined});
  }
  json stacks = json::array();
  for (const symbols::folded_stack& s : profile.stacks) {
    json stack = json::array({s.count});
    for (const std::uint32_t frame : s.frames) stack.push_back(frame);
    stacks.push_back(std::move(stack));
  }
  return {{"collector", profile.collector}, {"unavailable", profile.unavailable},
          {"note", profile.note},           {"frequency_hz", profile.frequency_hz},
          {"samples", profile.samples},     {"discarded", profile.discarded},
          {"lost", profile.lost},           {"unrooted", profile.unrooted},
          {"frames", std::move(frames)},    {"stacks", std::move(stacks)}};
}

json to_value(const benchmark& b) {
  json result = {{"name", b.name},
                 {"method", word(method_words, b.method)},
                 {"failure", b.failure},
                 {"base_ns", b.base_ns},
                 {"head_ns", b.head_ns}};
  if (b.decision) result["decision"] = to_value(*b.decision);
  json rounds = json::array();
  for (const measure::round& round : b.rounds) rounds.push_back(to_value(round));
  result["rounds"] = std::move(rounds);
  if (b.profile) result["profile"] = to_value(*b.profile);
  if (b.base_profile) result["base_profile"] = to_value(*b.base_profile);
  return result;
}

json to_value(const machine& m) {
  return {
      {"cpu_model", m.cpu_model}, {"logical_cpus", m.logical_cpus},         {"memory_bytes", m.memory_bytes},
      {"kernel", m.kernel},       {"operating_system", m.operating_system}, {"perf_event", m.perf_event}};
}

json to_value(const run_noise& noise) {
  return {{"load_average_before", noise.load_average_before},
          {"load_average_after", noise.load_average_after},
          {"steal_fraction", noise.steal_fraction},
          {"other_busy_fraction", noise.other_busy_fraction},
          {"control_spread", noise.control_spread},
          {"involuntary_switches", noise.involuntary_switches}};
}

json to_value(const arm& a) {
  return {{"label", a.label}, {"program", a.program}, {"revision", a.revision}};
}

}  // namespace

std::string to_json(const result_file& file) {
  json benchmarks = json::array();
  for (const benchmark& b : file.benchmarks) benchmarks.push_back(to_value(b));
  const json document = {{"schema", schema_name},
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
  // Names come from other people's programs and need not be UTF-8.
  return document.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace deft::store
