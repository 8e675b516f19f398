#include "store/layout_file.hpp"

#include <cmath>

#include "store/json_document.hpp"
#include "store/json_node.hpp"
#include "store/profile_json.hpp"
#include "store/schema.hpp"
#include "support/files.hpp"

namespace deft::store {

namespace {

constexpr std::string_view schema_name = "deft-layout-floor";

ordered_json to_value(const stats::benchmark_floor& one) {
  ordered_json variants = ordered_json::array();
  for (const stats::layout_difference& v : one.variants) variants.push_back({v.log_ratio, v.standard_error});
  return {{"name", one.name},
          {"method", word(method_words, one.method)},
          {"floor", one.floor},
          {"variants", std::move(variants)}};
}

void read_floor(const node& from, double& out) {
  from.read(out);
  if (!std::isfinite(out) || out < 0) from.fail("a number of at least 0");
}

void read(const node& from, stats::benchmark_floor& out) {
  from["name"].read(out.name);
  from["method"].read(out.method, method_words);
  read_floor(from["floor"], out.floor);
  read_all(from["variants"], out.variants, [](const node& one, stats::layout_difference& v) {
    expect_size(one, 2, "[log_ratio, standard_error]");
    one.at(0).read(v.log_ratio);
    one.at(1).read(v.standard_error);
  });
}

void read(const node& root, layout_file& out) {
  root["deft_version"].read(out.deft_version);
  root["created"].read(out.created);
  root["duration_seconds"].read(out.duration_seconds);
  read(root["machine"], out.machine);
  root["program"].read(out.program);
  root["build"].read(out.build);
  root["seed"].read(out.seed);
  root["rounds"].read(out.rounds);
  root["confidence"].read(out.learnt.confidence);
  read_floor(root["floor"], out.learnt.whole_run);
  read_all(root["benchmarks"], out.learnt.benchmarks,
           [](const node& one, stats::benchmark_floor& b) { read(one, b); });
}

}  // namespace

std::string to_json(const layout_file& file) {
  ordered_json benchmarks = ordered_json::array();
  for (const stats::benchmark_floor& one : file.learnt.benchmarks) benchmarks.push_back(to_value(one));
  const ordered_json document = {{"schema", schema_name},
                                 {"version", layout_file::current_version},
                                 {"deft_version", file.deft_version},
                                 {"created", file.created},
                                 {"duration_seconds", file.duration_seconds},
                                 {"machine", to_value(file.machine)},
                                 {"program", file.program},
                                 {"build", file.build},
                                 {"seed", file.seed},
                                 {"rounds", file.rounds},
                                 {"confidence", file.learnt.confidence},
                                 {"floor", file.learnt.whole_run},
                                 {"benchmarks", std::move(benchmarks)}};
  return text_of(document);
}

support::result<layout_file> layout_from_json(std::string_view text, std::string_view origin) {
  layout_file file;
  const auto read_file = [&file](const node& root) { read(root, file); };
  const auto outcome =
      read_document(text, origin, {schema_name, "layout floor", layout_file::current_version}, read_file);
  if (!outcome) return outcome.error();
  return file;
}

support::result<layout_file> load_layout(const std::filesystem::path& path) {
  auto text = support::read_file(path);
  if (!text) return text.error();
  return layout_from_json(*text, path.string());
}

support::result<void> save(const layout_file& file, const std::filesystem::path& path) {
  return support::write_file(path, to_json(file));
}

}  // namespace deft::store
