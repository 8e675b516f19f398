#include <map>
#include <memory>
#include <optional>
#include <string_view>

#include "cli/verbs.hpp"

namespace deft::cli {
namespace {

constexpr const char* profile_examples =
    R"(The command follows -- with its own options: deft profile [OPTIONS] -- COMMAND [ARGUMENT...]

Examples:
  deft profile -- ./my_program --its --options
  deft profile --mode alloc -o heap.html -- ./my_program
  deft profile --frequency 999 -o cpu.pb.gz -o cpu.speedscope.json -- make -j2
)";

constexpr const char* export_examples = R"(Examples:
  deft export deft-profile.json -o stacks.collapsed
  deft export deft-profile.json -o profile.pb.gz -o callgrind.out.1
  deft export deft-result.json --benchmark sort/1000 -o sort.speedscope.json
)";

constexpr const char* import_examples = R"(Examples:
  deft import profile.pb.gz -o profile.html
  deft import stacks.collapsed -o deft-profile.json
  deft import worker-1.samples worker-2.samples -o workers.html
)";

constexpr const char* doctor_examples = R"(Examples:
  deft doctor
  deft doctor --json
  deft doctor ./my_bench
)";

constexpr const char* format_words = "deft, html, collapsed, pprof, speedscope, callgrind";

/// Where CLI11 puts what it reads; it lives as long as the verbs do.
struct profile_wishes {
  profile_command profile;
  convert_command exporting;
  convert_command importing;
  doctor_command doctor;
  std::vector<std::string> profile_paths;
  std::vector<std::string> export_paths;
  std::vector<std::string> import_paths;
  std::string profile_format;
  std::string export_format;
  std::string import_format;
};

std::string known_format(const std::string& word) {
  if (formats::format_of_word(word)) return {};
  return "there is no format '" + word + "'; there are " + format_words;
}

void add_outputs(CLI::App& verb, std::vector<std::string>& paths, std::string& format,
                 const std::string& usual) {
  add_repeatable(verb, "-o,--output", paths, "File to write, its format told by its name; repeatable" + usual)
      ->check(not_empty)
      ->type_name("FILE");
  verb.add_option("--format", format, std::string("Write that format, whatever the name: ") + format_words)
      ->check(known_format)
      ->type_name("FORMAT");
}

/// What is to be written, or why that is not clear.
std::string resolve(const std::vector<std::string>& paths, const std::string& format,
                    std::vector<output_file>& outputs) {
  for (const std::string& path : paths) {
    const auto as = format.empty() ? formats::format_of_name(path) : formats::format_of_word(format);
    if (!as) {
      return "-o " + path + ": the name tells no format; say --format and one of " + format_words;
    }
    outputs.push_back({path, *as});
  }
  return {};
}

verb add_profile(CLI::App& top, const std::shared_ptr<profile_wishes>& wishes,
                 const std::vector<std::string>& words) {
  static const std::map<std::string, symbols::profile_kind> kinds{
      {"cpu", symbols::profile_kind::cpu},
      {"wall", symbols::profile_kind::wall},
      {"off-cpu", symbols::profile_kind::off_cpu},
      {"alloc", symbols::profile_kind::allocation}};
  static const std::map<std::string, profile::collector> collectors{{"auto", profile::collector::automatic},
                                                                    {"perf", profile::collector::perf},
                                                                    {"agent", profile::collector::agent},
                                                                    {"ptrace", profile::collector::ptrace}};
  profile_command& options = wishes->profile;
  CLI::App* used = top.add_subcommand("profile", "Run any command and see where its time or memory goes");
  used->add_option(
          "--mode", options.kind,
          "What is sampled: cpu (processor time), wall (elapsed time), off-cpu (time spent waiting) or alloc "
          "(bytes allocated)")
      ->transform(CLI::CheckedTransformer(kinds).description(""))
      ->type_name("MODE");
  used->add_option("--frequency", options.frequency_hz, "Samples per second and thread")
      ->check(CLI::Range(1, 10'000))
      ->type_name("HZ")
      ->capture_default_str();
  used->add_option("--collector", options.how,
                   "How samples are had: auto, perf (perf_event), agent (a preloaded library) or ptrace; "
                   "auto takes the "
                   "first that this machine allows")
      ->transform(CLI::CheckedTransformer(collectors).description(""))
      ->type_name("HOW");
  add_outputs(*used, wishes->profile_paths, wishes->profile_format,
              "; default: deft-profile.html and deft-profile.json");
  used->add_option("--time-limit", options.time_limit_seconds,
                   "Seconds after which the command is killed; default: never")
      ->check(finite_positive)
      ->type_name("S");
  used->add_flag("-q,--quiet", options.quiet, "No summary; only errors");
  add_footer(*used, profile_examples);
  return {used, [wishes, words]() -> command {
            profile_command wish = wishes->profile;
            wish.argv = words;
            if (words.empty())
              return refuse("profile", "the command is missing: deft profile -- COMMAND [ARGUMENT...]");
            if (wishes->profile_paths.empty()) {
              if (!wishes->profile_format.empty()) return refuse("profile", "--format needs -o FILE");
              wish.outputs = {{"deft-profile.html", formats::format::html},
                              {"deft-profile.json", formats::format::deft_json}};
            }
            const std::string wrong = resolve(wishes->profile_paths, wishes->profile_format, wish.outputs);
            if (!wrong.empty()) return refuse("profile", wrong);
            return wish;
          }};
}

void add_choice_of_benchmark(CLI::App& verb, convert_command& options) {
  verb.add_option("--benchmark", options.benchmark, "Of a result file: whose profile")->type_name("NAME");
  verb.add_flag("--base", options.base, "With --benchmark: base's profile, not head's");
}

command wish_of(const char* verb, convert_command wish, const std::vector<std::string>& paths,
                const std::string& format) {
  const std::string wrong = resolve(paths, format, wish.outputs);
  if (!wrong.empty()) return refuse(verb, wrong);
  if (wish.base && wish.benchmark.empty()) return refuse(verb, "--base needs --benchmark NAME");
  return wish;
}

verb add_export(CLI::App& top, const std::shared_ptr<profile_wishes>& wishes) {
  CLI::App* used = top.add_subcommand("export", "Write a profile as other tools read it");
  used->add_option("FILE", wishes->exporting.inputs, "Profile of deft profile, or result of deft run or ab")
      ->required()
      ->expected(1);
  add_outputs(*used, wishes->export_paths, wishes->export_format, "");
  used->get_option("--output")->required();
  add_choice_of_benchmark(*used, wishes->exporting);
  add_footer(*used, export_examples);
  return {used, [wishes] {
            return wish_of("export", wishes->exporting, wishes->export_paths, wishes->export_format);
          }};
}

verb add_import(CLI::App& top, const std::shared_ptr<profile_wishes>& wishes) {
  CLI::App* used = top.add_subcommand("import", "Read profiles of other tools, several as one");
  used->add_option("FILE", wishes->importing.inputs,
                   "pprof, collapsed stacks, deft's profiles, or samples of deft::profile::sampler")
      ->required();
  add_outputs(*used, wishes->import_paths, wishes->import_format, "");
  used->get_option("--output")->required();
  add_choice_of_benchmark(*used, wishes->importing);
  add_footer(*used, import_examples);
  return {used, [wishes] {
            return wish_of("import", wishes->importing, wishes->import_paths, wishes->import_format);
          }};
}

verb add_doctor(CLI::App& top, const std::shared_ptr<profile_wishes>& wishes) {
  CLI::App* used = top.add_subcommand("doctor", "Say what this machine can measure, and what would help");
  used->add_option("BENCH", wishes->doctor.programs,
                   "Benchmark programs: in which mode each of their benchmarks would be compared, and why");
  used->add_flag("--json", wishes->doctor.json, "As JSON");
  add_footer(*used, doctor_examples);
  return {used, [wishes]() -> command { return wishes->doctor; }};
}

}  // namespace

std::vector<verb> add_profile_verbs(CLI::App& top, const std::vector<std::string>& words) {
  const auto wishes = std::make_shared<profile_wishes>();
  return {add_profile(top, wishes, words), add_export(top, wishes), add_import(top, wishes),
          add_doctor(top, wishes)};
}

}  // namespace deft::cli
