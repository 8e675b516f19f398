#include <limits>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "store/json_node.hpp"
#include "store/result_file.hpp"
#include "store/schema.hpp"

namespace deft::store {

namespace {

using nlohmann::json;

void read(const node& from, measure::repetition& out);
void read(const node& from, measure::round& out);
void read(const node& from, symbols::frame& out);
void read(const node& from, benchmark& out);

template <class T>
void read_all(const node& array, std::vector<T>& out) {
  const std::size_t count = array.size();
  out.resize(count);
  for (std::size_t i = 0; i < count; ++i) read(array.at(i), out[i]);
}

void expect_size(const node& array, std::size_t size, std::string_view expected) {
  if (array.size() != size) array.fail(expected);
}

void read(const node& from, measure::repetition& out) {
  expect_size(from, 3, "[cpu_ns, real_ns, iterations]");
  from.at(0).read(out.cpu_ns);
  from.at(1).read(out.real_ns);
  from.at(2).read(out.iterations);
}

void read(const node& from, measure::round& out) {
  from["confirmation"].read(out.confirmation);
  read_all(from["base"], out.base);
  read_all(from["head"], out.head);
  read_all(from["control"], out.control);
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
}

void read(const node& from, symbols::frame& out) {
  expect_size(from, 5, "[function, module, file, line, inlined]");
  from.at(0).read(out.function);
  from.at(1).read(out.module);
  from.at(2).read(out.file);
  from.at(3).read(out.line);
  from.at(4).read(out.inlined);
}

void read(const node& from, symbols::stack_profile& out) {
  from["collector"].read(out.collector);
  from["unavailable"].read(out.unavailable);
  from["note"].read(out.note);
  from["frequency_hz"].read(out.frequency_hz);
  from["samples"].read(out.samples);
  from["discarded"].read(out.discarded);
  from["lost"].read(out.lost);
  from["unrooted"].read(out.unrooted);
  read_all(from["frames"], out.frames);
  const node stacks = from["stacks"];
  out.stacks.resize(stacks.size());
  for (std::size_t i = 0; i < out.stacks.size(); ++i) {
    const node stack = stacks.at(i);
    const std::size_t length = stack.size();
    if (length == 0) stack.fail("[count, frame, ...]");
    stack.at(0).read(out.stacks.at(i).count);
    out.stacks.at(i).frames.resize(length - 1);
    for (std::size_t k = 1; k < length; ++k) {
      std::uint32_t& frame = out.stacks.at(i).frames[k - 1];
      stack.at(k).read(frame);
      if (frame >= out.frames.size()) stack.at(k).fail("the index of a frame");
    }
  }
}

void read(const node& from, benchmark& out) {
  from["name"].read(out.name);
  from["method"].read(out.method, method_words);
  from["failure"].read(out.failure);
  from["base_ns"].read(out.base_ns);
  from["head_ns"].read(out.head_ns);
  if (from.has("decision")) read(from["decision"], out.decision.emplace());
  read_all(from["rounds"], out.rounds);
  if (from.has("profile")) read(from["profile"], out.profile.emplace());
  if (from.has("base_profile")) read(from["base_profile"], out.base_profile.emplace());
}

void read(const node& from, machine& out) {
  from["cpu_model"].read(out.cpu_model);
  from["logical_cpus"].read(out.logical_cpus);
  from["memory_bytes"].read(out.memory_bytes);
  from["kernel"].read(out.kernel);
  from["operating_system"].read(out.operating_system);
  from["perf_event"].read(out.perf_event);
}

void read(const node& from, run_noise& out) {
  from["load_average_before"].read(out.load_average_before);
  from["load_average_after"].read(out.load_average_after);
  from["steal_fraction"].read(out.steal_fraction);
  from["other_busy_fraction"].read(out.other_busy_fraction);
  from["control_spread"].read(out.control_spread);
  from["involuntary_switches"].read(out.involuntary_switches);
}

void read(const node& from, arm& out) {
  from["label"].read(out.label);
  from["program"].read(out.program);
  from["revision"].read(out.revision);
}

// Before anything else is looked at: another kind of file, or one that this program is too old for?
void check_schema(const node& root) {
  std::string schema;
  if (!root.has("schema")) throw mismatch{"not a deft result file: it has no \"schema\""};
  root["schema"].read(schema);
  if (schema != schema_name) throw mismatch{"not a deft result file: its schema is \"" + schema + "\""};
  std::uint64_t version = 0;
  root["version"].read(version);
  if (version > result_file::current_version) {
    throw mismatch{"written by a newer deft (schema version " + std::to_string(version) +
                   ", this program reads up to " + std::to_string(result_file::current_version) + ")"};
  }
  if (version == 0) root["version"].fail("a schema version of at least 1");
}

void read(const node& root, result_file& out) {
  check_schema(root);
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
  read_all(root["benchmarks"], out.benchmarks);
}

// nlohmann counts the byte it stumbled over from 1, and the end of the input as one more.
std::string syntax_message(std::string_view text, std::size_t byte) {
  if (text.empty()) return "the file is empty";
  const std::string start = "{\"schema\":\"" + std::string(schema_name) + "\"";
  const bool ours = text.substr(0, start.size()) == std::string_view(start).substr(0, text.size());
  if (ours && byte >= text.size()) {
    return "the file is cut off: it ends after " + std::to_string(text.size()) +
           " bytes in the middle of a deft result";
  }
  return "not valid JSON at byte " + std::to_string(byte == 0 ? 0 : byte - 1) + " of " +
         std::to_string(text.size());
}

}  // namespace

support::result<result_file> from_json(std::string_view text, std::string_view origin) {
  const auto failure = [&](const std::string& message) {
    return support::error{support::error_kind::unreadable_input, std::string(origin) + ": " + message};
  };
  try {
    const json document = json::parse(text);
    result_file file;
    read(node(document, "$"), file);
    return file;
  } catch (const json::parse_error& e) {
    return failure(syntax_message(text, e.byte));
  } catch (const json::exception& e) {  // A number that no double holds.
    return failure(std::string("not valid JSON: ") + e.what());
  } catch (const mismatch& e) {
    return failure(e.message);
  }
}

}  // namespace deft::store
