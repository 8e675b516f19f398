// What a benchmark program wrote: any text gives a result or one line that says why not, and what a program
// could have written is read as it was meant.
#include "measure/benchmark_output.hpp"

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "fuzz/reader.hpp"

namespace {

using deft_fuzz::op_source;

struct row {
  std::string name;
  int unit;  // of `units`
  std::uint32_t cpu;
  std::uint32_t real;
  std::uint32_t iterations;
  bool aggregate;
};

constexpr std::pair<const char*, double> units[] = {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}};
constexpr const char* names[] = {"a", "a/1", "b \\\"quoted\\\"", "NaN"};
constexpr const char* counters[] = {"", ",\"c\":NaN", ",\"c\":-Infinity", ",\"c\":\"NaN, \\\"Infinity\"",
                                    ",\"c\":1e308"};

std::string as_json(const row& r, const char* counter) {
  std::string text =
      "{\"name\":\"" + r.name + (r.aggregate ? "_median" : "") + "\",\"run_name\":\"" + r.name +
      "\",\"run_type\":\"" + (r.aggregate ? "aggregate\",\"aggregate_name\":\"median" : "iteration") +
      "\",\"iterations\":" + std::to_string(r.iterations) + ",\"real_time\":" + std::to_string(r.real) +
      ",\"cpu_time\":" + std::to_string(r.cpu) + ",\"time_unit\":\"" + units[r.unit].first + "\"";
  return text + counter + "}";
}

void read_what_was_written(op_source in) {
  std::vector<row> rows;
  std::string text = "{\"context\":{},\"benchmarks\":[";
  for (int n = in.below(8); n > 0; --n) {
    rows.push_back({.name = names[in.below(4)],
                    .unit = in.below(4),
                    .cpu = in.raw<std::uint32_t>(),
                    .real = in.raw<std::uint32_t>(),
                    .iterations = in.raw<std::uint32_t>(),
                    .aggregate = in.below(4) == 0});
    text += as_json(rows.back(), counters[in.below(5)]) + (n > 1 ? ",\n" : "");
  }
  text += "]}";
  const std::string wanted = names[in.below(2)];
  std::vector<row> expected;
  for (const row& r : rows) {
    if (r.name == wanted && !r.aggregate) expected.push_back(r);
  }
  const auto run = deft::measure::parse_benchmark_output(text, wanted);
  DEFT_FUZZ_CHECK(static_cast<bool>(run) == !expected.empty());
  if (!run) return;
  DEFT_FUZZ_CHECK(run->size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double scale = units[expected[i].unit].second;
    DEFT_FUZZ_CHECK((*run)[i].cpu_ns == expected[i].cpu * scale &&
                    (*run)[i].real_ns == expected[i].real * scale);
    DEFT_FUZZ_CHECK((*run)[i].iterations == expected[i].iterations);
  }
  for (std::size_t cut = 0; cut < text.size(); cut += 1 + text.size() / 8) {
    DEFT_FUZZ_CHECK(!deft::measure::parse_benchmark_output(std::string_view(text).substr(0, cut), wanted));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const deft_fuzz::exact_copy input(data, size);
  for (const char* name : {"a", ""}) {
    const auto run = deft::measure::parse_benchmark_output(input.text(), name);
    if (run) {
      DEFT_FUZZ_CHECK(!run->empty());
    } else {
      deft_fuzz::check_message(run.error(), false);
    }
  }
  if (deft_fuzz::makes_up_a_file(size)) read_what_was_written(op_source(input.bytes()));
  return 0;
}
