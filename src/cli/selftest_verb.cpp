#include <memory>

#include "cli/verbs.hpp"

namespace deft::cli {
namespace {

constexpr const char* examples = R"(Examples:
  deft selftest --quick
  deft selftest --hostile --runs 25

Exit code 1 says that verdicts are worse here than promised, by more than chance explains.
)";

constexpr std::uint32_t usual_runs = 10;
constexpr std::uint32_t quick_runs = 2;

}  // namespace

verb add_selftest(CLI::App& top) {
  const auto wish = std::make_shared<selftest_command>();
  wish->seed = new_seed();
  CLI::App* used = top.add_subcommand(
      "selftest", "Try on this machine whether known slowdowns are found, and nothing else");
  used->add_flag("--quick", wish->quick, "Two runs for each slowdown: about two minutes");
  used->add_flag("--hostile", wish->hostile, "Under load that comes and goes");
  used->add_option("--runs", wish->runs, "Runs for each slowdown (0, 2, 5 and 10 %); default 10")
      ->check(CLI::Range(1, 10'000))
      ->type_name("N");
  used->add_option("--seed", wish->seed, "Seed of every random choice; default: a new one")
      ->check(whole_number)
      ->type_name("N");
  used->add_flag("-q,--quiet", wish->quiet, "No progress; the table only");
  add_footer(*used, examples);
  return {used, [wish]() -> command {
            selftest_command wanted = *wish;
            if (wanted.quick && wanted.runs != 0)
              return refuse("selftest", "either --quick or --runs, not both");
            if (wanted.runs == 0) wanted.runs = wanted.quick ? quick_runs : usual_runs;
            return wanted;
          }};
}

}  // namespace deft::cli
