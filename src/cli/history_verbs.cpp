#include <memory>

#include "cli/verbs.hpp"
#include "history/entry.hpp"

namespace deft::cli {
namespace {

constexpr const char* history_examples = R"--(Examples:
  deft history add deft-result.json --commit "$(git rev-parse HEAD)"
  deft history show
  deft history show sort/1000
  deft history bless sort/1000
  deft history export bench/history
  deft history import bench/history
  deft history prune --keep 1000
)--";

using action = history_command::action;

std::string runner_name(const std::string& text) {
  if (history::is_runner_name(text)) return {};
  return "needs a name of a-z, 0-9, '.', '_' and '-', at most 64, not '" + text + "'";
}

std::string at_least_one(const std::string& text) {
  std::string wrong = whole_number(text);
  if (wrong.empty() && text.find_first_not_of('0') == std::string::npos) wrong = "needs at least 1";
  return wrong;
}

std::string sensible_commit(const std::string& text) {
  return text.empty() || text.size() > 100 ? "needs a commit's name" : "";
}

class history_verbs {
 public:
  explicit history_verbs(CLI::App& top)
      : app_(top.add_subcommand("history", "Keep what was measured, and see when it changed")) {
    app_->require_subcommand(1);
    add_footer(*app_, history_examples);
    add();
    show();
    bless();
    add_exporting();
    add_importing();
    prune();
    make("check", action::check, "Read all of it, and say whether it is whole");
  }

  CLI::App* app() const { return app_; }

  command wish() const {
    if (wish_.what == action::prune && !wish_.keep && !wish_.days)
      return refuse("history", "prune needs --keep N or --days D");
    return wish_;
  }

 private:
  CLI::App* make(const char* name, action what, const char* description) {
    CLI::App* used = app_->add_subcommand(name, description);
    used->callback([this, what] { wish_.what = what; });
    used->add_option("--history", wish_.file,
                     "The history; default: .deft/history.sqlite at the top of the repository")
        ->check(not_empty)
        ->type_name("FILE");
    return used;
  }

  void add_quiet(CLI::App* used) { used->add_flag("-q,--quiet", wish_.quiet, "Only errors"); }

  void add() {
    CLI::App* used = make("add", action::add, "Add result files of deft run, ab and cmd-ab");
    used->add_option("RESULT", wish_.results, "Result files")->required();
    used->add_option("--commit", wish_.commit, "What was measured; default: what the result says, if it does")
        ->check(sensible_commit)
        ->type_name("COMMIT");
    used->add_option("--runner", wish_.runner,
                     "Name of the machine or pool of machines; default: its processors")
        ->check(runner_name)
        ->type_name("NAME");
    add_quiet(used);
  }

  void show() {
    CLI::App* used = make("show", action::show, "Show benchmarks and where they changed");
    used->add_option("BENCH", wish_.benchmark, "A benchmark's name, or part of it: shows its runs, too")
        ->type_name("NAME");
    used->add_option("--runner", wish_.runner, "Of this runner only")->check(runner_name)->type_name("NAME");
    used->add_flag("--ratio", wish_.ratio, "Follow head / base of comparisons, not the time");
    used->add_option("--last", wish_.last, "How many runs to list")
        ->check(at_least_one)
        ->type_name("N")
        ->capture_default_str();
    used->add_option("--window", wish_.window, "Among how many of a runner's last runs to look for changes")
        ->check(CLI::Range(std::size_t{1}, std::size_t{2000}))
        ->type_name("N")
        ->capture_default_str();
    used->add_flag("--json", wish_.json, "As JSON");
    used->add_flag("--gate", wish_.gate, "Exit 1 if a benchmark became slower and nobody blessed it");
  }

  void bless() {
    CLI::App* used = make("bless", action::bless, "Accept how fast a benchmark is now");
    used->add_option("BENCH", wish_.benchmark, "The benchmark's name")->required()->type_name("NAME");
    used->add_option("--at", wish_.at, "Accept what changed up to this run; default: the last one")
        ->check(sensible_commit)
        ->type_name("COMMIT|ID");
    used->add_option("--runner", wish_.runner, "On this runner only")->check(runner_name)->type_name("NAME");
    add_quiet(used);
  }

  void add_exporting() {
    CLI::App* used = make("export", action::exporting, "Write the history as text files for git");
    used->add_option("DIR", wish_.results, "Folder")->required()->expected(1);
    used->add_option("--shard-size", wish_.shard_bytes, "Bytes after which a new file begins")
        ->check(at_least_one)
        ->type_name("BYTES")
        ->capture_default_str();
    used->add_flag("--replace", wish_.replace, "Also drop runs from DIR that the history lacks");
    add_quiet(used);
  }

  void add_importing() {
    CLI::App* used = make("import", action::importing, "Add what such files hold");
    used->add_option("DIR", wish_.results, "Folders")->required();
    add_quiet(used);
  }

  void prune() {
    CLI::App* used = make("prune", action::prune, "Forget old runs");
    used->add_option("--keep", wish_.keep, "Keep this many runs of each runner")
        ->check(at_least_one)
        ->type_name("N");
    used->add_option("--days", wish_.days, "Keep runs that are younger")
        ->check(finite_positive)
        ->type_name("D");
    add_quiet(used);
  }

  CLI::App* app_;
  history_command wish_;
};

}  // namespace

verb add_history_verb(CLI::App& top) {
  const auto verbs = std::make_shared<history_verbs>(top);
  return {verbs->app(), [verbs] { return verbs->wish(); }};
}

}  // namespace deft::cli
