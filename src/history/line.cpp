#include "history/line.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <utility>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "store/json_document.hpp"
#include "store/utc.hpp"

namespace deft::history {
namespace {

using store::node;
using store::ordered_json;

constexpr std::string_view schema_name = "deft-history";
constexpr std::uint64_t schema_version = 1;

ordered_json to_value(const point& p, store::run_kind kind) {
  ordered_json value = {p.benchmark, store::word(store::method_words, p.method), p.ns};
  if (kind == store::run_kind::single && !p.verdict) return value;
  value.push_back(p.verdict ? ordered_json(store::word(store::verdict_words, *p.verdict)) : ordered_json());
  if (kind == store::run_kind::single) return value;
  value.insert(value.end(), {p.base_ns, p.ratio.ratio, p.ratio.low, p.ratio.high});
  return value;
}

ordered_json to_value(const run& r) {
  ordered_json points = ordered_json::array();
  for (const point& p : r.points) points.push_back(to_value(p, r.kind));
  return {{"runner", r.runner},
          {"kind", store::word(store::kind_words, r.kind)},
          {"commit", r.commit},
          {"base_commit", r.base_commit},
          {"note", r.note},
          {"deft_version", r.deft_version},
          {"cpu_model", r.cpu_model},
          {"logical_cpus", r.logical_cpus},
          {"kernel", r.kernel},
          {"operating_system", r.operating_system},
          {"benchmarks", std::move(points)}};
}

ordered_json to_value(const blessing& b) {
  return {{"runner", b.runner},
          {"benchmark", b.benchmark},
          {"until_time", b.until_time},
          {"until_run", b.until_run}};
}

/// The line of an entry. An empty id stands in the line from which the id is made.
std::string line_of(const std::variant<run, blessing>& what, const std::string& id) {
  const bool is_run = std::holds_alternative<run>(what);
  ordered_json document = {{"schema", schema_name},
                           {"version", schema_version},
                           {"time", std::visit([](const auto& w) { return w.time; }, what)},
                           {"id", id}};
  document[is_run ? "run" : "bless"] = std::visit([](const auto& w) { return to_value(w); }, what);
  std::string text = store::text_of(document);
  text.pop_back();
  return text;
}

void read_time(const node& from, std::string& out) {
  from.read(out);
  if (!store::from_utc(out)) from.fail("a time such as \"2026-11-22T07:30:00Z\"");
}

void read_runner(const node& from, std::string& out) {
  from.read(out);
  if (!is_runner_name(out)) from.fail("a runner's name (a-z, 0-9, '.', '_', '-')");
}

void read_ns(const node& from, double& out) {
  from.read(out);
  if (!std::isfinite(out) || out < 0) from.fail("a time of at least 0");
}

void read(const node& from, store::run_kind kind, point& out) {
  const bool single = kind == store::run_kind::single;
  if (single ? from.size() != 3 && from.size() != 4 : from.size() != 8)
    from.fail(single ? "3 or 4 values" : "8 values");
  from.at(0).read(out.benchmark);
  from.at(1).read(out.method, store::method_words);
  read_ns(from.at(2), out.ns);
  if (from.size() >= 4) {
    if (!single && from.is_null_at(3)) {
      out.verdict.reset();
    } else {
      from.at(3).read(out.verdict.emplace(), store::verdict_words);
    }
  }
  if (single) return;
  read_ns(from.at(4), out.base_ns);
  from.at(5).read(out.ratio.ratio);
  from.at(6).read(out.ratio.low);
  from.at(7).read(out.ratio.high, std::numeric_limits<double>::infinity());
}

void read(const node& from, run& out) {
  read_runner(from["runner"], out.runner);
  from["kind"].read(out.kind, store::kind_words);
  from["commit"].read(out.commit);
  from["base_commit"].read(out.base_commit);
  from["note"].read(out.note);
  from["deft_version"].read(out.deft_version);
  from["cpu_model"].read(out.cpu_model);
  from["logical_cpus"].read(out.logical_cpus);
  from["kernel"].read(out.kernel);
  from["operating_system"].read(out.operating_system);
  store::read_all(from["benchmarks"], out.points,
                  [&out](const node& one, point& p) { read(one, out.kind, p); });
}

void read(const node& from, blessing& out) {
  read_runner(from["runner"], out.runner);
  from["benchmark"].read(out.benchmark);
  read_time(from["until_time"], out.until_time);
  from["until_run"].read(out.until_run);
}

template <class What>
What read_entry(const node& root, const char* key) {
  What what;
  read_time(root["time"], what.time);
  read(root[key], what);
  return what;
}

}  // namespace

entry with_id(std::variant<run, blessing> what) {
  const std::string text = line_of(what, "");
  std::array<char, 17> id{};
  std::snprintf(id.data(), id.size(), "%016llx",
                static_cast<unsigned long long>(XXH3_64bits(text.data(), text.size())));
  return {id.data(), std::move(what)};
}

std::string to_line(const entry& e) {
  return line_of(e.what, e.id);
}

support::result<entry> from_line(std::string_view text, std::string_view origin) {
  std::string id;
  std::variant<run, blessing> what;
  const auto read_line = [&](const node& root) {
    root["id"].read(id);
    if (root.has("bless")) {
      what = read_entry<blessing>(root, "bless");
    } else {
      what = read_entry<run>(root, "run");
    }
  };
  const auto outcome =
      store::read_document(text, origin, {schema_name, "history", schema_version}, read_line);
  if (!outcome) return outcome.error();
  entry result = with_id(std::move(what));
  if (result.id != id) {
    return support::error{
        support::error_kind::unreadable_input,
        std::string(origin) + ": the line was changed: its content belongs to the id " + result.id};
  }
  return result;
}

}  // namespace deft::history
