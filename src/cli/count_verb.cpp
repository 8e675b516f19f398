#include <memory>

#include "cli/verbs.hpp"

namespace deft::cli {
namespace {

constexpr const char* count_examples = R"(Examples:
  deft count ./my_bench
  deft count ./my_bench --filter 'find/.*/1e5' -o counts.json
  deft count ./one_bench ./another_bench --env DEFT_ISA=scalar

Instructions are those of the benchmark's own thread under valgrind; where that cannot run the program (AVX-512)
or is not installed, the table says so, and only allocations are counted. deft ab --counts compares two builds.
)";

struct count_wishes {
  count_command count;
  std::vector<std::string> arguments;
  std::vector<std::string> variables;
};

}  // namespace

verb add_count(CLI::App& top) {
  const auto wishes = std::make_shared<count_wishes>();
  run_command& what = wishes->count.what;
  measure_options& options = what.common;
  options.output = "deft-counts.json";
  options.counts = true;
  options.profile = false;
  CLI::App* used =
      top.add_subcommand("count", "Count the instructions and allocations of benchmarks, exactly");
  used->add_option("BENCH", what.programs, "Google Benchmark programs")->required();
  add_benchmark_choice(*used, options, wishes->arguments);
  used->add_option("-o,--output", options.output, "Result file to write")
      ->check(not_empty)
      ->type_name("FILE")
      ->capture_default_str();
  add_repeatable(*used, "--env", wishes->variables, "Variable set for every process; repeatable")
      ->check(key_and_value)
      ->type_name("KEY=VALUE");
  used->add_option("--time-limit", options.time_limit_seconds, "Seconds after which a process counts as hung")
      ->check(finite_positive)
      ->type_name("S")
      ->capture_default_str();
  used->add_option("--note", options.note, "A sentence to show in the report")->type_name("TEXT");
  used->add_flag("-q,--quiet", options.quiet, "No progress, no table; only errors");
  add_footer(*used, count_examples);
  return {used, [wishes]() -> command {
            count_command wish = wishes->count;
            wish.what.common.arguments = wishes->arguments;
            wish.what.common.variables = variables_of(wishes->variables);
            return wish;
          }};
}

}  // namespace deft::cli
