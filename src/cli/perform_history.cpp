#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include "cli/history_view.hpp"
#include "cli/perform.hpp"
#include "history/history_file.hpp"
#include "history/line.hpp"
#include "history/shards.hpp"
#include "report/escape.hpp"
#include "store/utc.hpp"

namespace deft::cli {
namespace {

namespace fs = std::filesystem;
using history::entry;
using history::history_file;
using support::error_kind;

/// .deft/history.sqlite at the top of the repository around the current folder, or in the current folder.
fs::path default_file() {
  std::error_code failure;
  const fs::path here = fs::current_path(failure);
  for (fs::path folder = here;; folder = folder.parent_path()) {
    // A file in work trees and submodules.
    if (fs::exists(folder / ".git", failure)) return folder / ".deft" / "history.sqlite";
    if (!folder.has_relative_path()) return here / ".deft" / "history.sqlite";
  }
}

fs::path file_of(const history_command& wish) {
  return wish.file.empty() ? default_file() : fs::path(wish.file);
}

void tell(const history_command& wish, const std::string& line) {
  if (wish.quiet) return;
  std::printf("%s\n", report::plain(line).c_str());
  std::fflush(stdout);  // What was said to be added is: whoever kills deft now may rely on it.
}

std::string counted(std::size_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

support::result<entry> entry_of(const history_command& wish, const std::string& path) {
  const auto file = store::load(path);
  if (!file) return file.error();
  if (!store::from_utc(file->created))
    return support::error{error_kind::unreadable_input, path + ": does not say when it was measured"};
  if (file->benchmarks.empty())
    return support::error{error_kind::unreadable_input, path + ": has no benchmarks"};
  return history::from_result(
      *file, wish.runner.empty() ? history::default_runner(file->machine) : wish.runner, wish.commit);
}

exit_code add(const history_command& wish) {
  // All are read before any is added: a name misspelt leaves the history as it was.
  std::vector<entry> entries;
  for (const std::string& path : wish.results) {
    auto e = entry_of(wish, path);
    if (!e) return refuse(e.error());
    entries.push_back(*std::move(e));
  }
  auto history = history_file::open_or_create(file_of(wish));
  if (!history) return refuse(history.error());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto added = history->add(std::span(&entries[i], 1));
    if (!added) return refuse(added.error());
    tell(wish, (*added == 1 ? "added " : "known ") + entries[i].id + "  " + history::time_of(entries[i]) +
                   "  " + history::runner_of(entries[i]) + "  " + wish.results[i]);
  }
  return exit_code::ok;
}

support::result<std::vector<std::string>> wanted_runners(const history_command& wish,
                                                         const history_file& history) {
  auto runners = history.runners();
  if (!runners || wish.runner.empty()) return runners;
  if (std::find(runners->begin(), runners->end(), wish.runner) == runners->end())
    return support::error{error_kind::usage,
                          history.path().string() + " has no runs of a runner " + wish.runner};
  return std::vector<std::string>{wish.runner};
}

support::result<std::vector<history::series>> load_series(const history_command& wish,
                                                          history::quantity what) {
  const auto history = history_file::open(file_of(wish));
  if (!history) return history.error();
  const auto runners = wanted_runners(wish, *history);
  if (!runners) return runners.error();
  std::vector<history::series> all;
  for (const std::string& runner : *runners) {
    const auto runs = history->newest_runs(runner, wish.window);
    if (!runs) return runs.error();
    const auto blessings = history->blessings(runner);
    if (!blessings) return blessings.error();
    for (history::series& s : history::series_of(*runs, *blessings, what)) all.push_back(std::move(s));
  }
  if (wish.benchmark.empty()) return all;
  const auto without = [&all](auto unwanted) {
    all.erase(std::remove_if(all.begin(), all.end(), unwanted), all.end());
  };
  const bool exact = std::any_of(all.begin(), all.end(),
                                 [&](const history::series& s) { return s.benchmark == wish.benchmark; });
  without([&](const history::series& s) {
    return exact ? s.benchmark != wish.benchmark : s.benchmark.find(wish.benchmark) == std::string::npos;
  });
  if (all.empty()) {
    return support::error{error_kind::usage, history->path().string() + " has no benchmark with '" +
                                                 wish.benchmark + "' in its name among the last runs"};
  }
  return all;
}

exit_code show(const history_command& wish) {
  const auto what = wish.ratio ? history::quantity::ratio : history::quantity::time;
  const auto all = load_series(wish, what);
  if (!all) return refuse(all.error());
  if (wish.json) {
    std::fputs(json_of(*all, what, wish.last).c_str(), stdout);
  } else if (wish.benchmark.empty()) {
    std::fputs(overview_of(*all, what).c_str(), stdout);
    if (all->empty()) std::puts("no runs");
  } else {
    for (const history::series& s : *all)
      std::printf("%s%s", &s == all->data() ? "" : "\n", table_of(s, what, wish.last).c_str());
  }
  if (!wish.gate) return exit_code::ok;
  exit_code code = exit_code::ok;
  for (const history::series& s : *all) {
    const bool slower = std::any_of(s.changes.begin(), s.changes.end(), [](const history::change& c) {
      return !c.blessed && c.after > c.before;
    });
    if (!slower) continue;
    code = exit_code::regression;
    std::fprintf(wish.json ? stderr : stdout, "gate: slower, not blessed: %s on %s\n",
                 report::plain(s.benchmark).c_str(), s.runner.c_str());
  }
  return code;
}

/// The run that `--at` means among those that measured the benchmark: the last of that commit, or that id.
support::result<const entry*> run_meant(const history_command& wish, const std::vector<entry>& runs) {
  constexpr std::size_t shortest = 4;
  const entry* meant = nullptr;
  std::set<std::string> meanings;
  for (const entry& e : runs) {
    const auto& r = std::get<history::run>(e.what);
    const bool measured = std::any_of(r.points.begin(), r.points.end(),
                                      [&](const history::point& p) { return p.benchmark == wish.benchmark; });
    if (!measured) continue;
    if (!wish.at.empty()) {
      const bool by_commit = wish.at.size() >= shortest ? r.commit.starts_with(wish.at) : r.commit == wish.at;
      const bool by_id = wish.at.size() >= shortest && e.id.starts_with(wish.at);
      if (!by_commit && !by_id) continue;
      meanings.insert(by_commit ? r.commit : e.id);
    }
    meant = &e;
  }
  if (meanings.size() > 1)
    return support::error{error_kind::usage, "--at " + wish.at + " may mean " + *meanings.begin() + " or " +
                                                 *std::next(meanings.begin())};
  return meant;
}

exit_code bless(const history_command& wish) {
  auto history = history_file::open(file_of(wish));
  if (!history) return refuse(history.error());
  const auto runners = wanted_runners(wish, *history);
  if (!runners) return refuse(runners.error());
  std::vector<entry> blessings;
  for (const std::string& runner : *runners) {
    const auto runs = history->newest_runs(runner, wish.window * 100);
    if (!runs) return refuse(runs.error());
    const auto meant = run_meant(wish, *runs);
    if (!meant) return refuse(meant.error());
    if (*meant == nullptr) continue;
    blessings.push_back(history::with_id(history::blessing{store::utc_now(), runner, wish.benchmark,
                                                           history::time_of(**meant), (*meant)->id}));
  }
  if (blessings.empty()) {
    return refuse({error_kind::usage, history->path().string() + " has no run of a benchmark '" +
                                          wish.benchmark + "'" + (wish.at.empty() ? "" : " at " + wish.at)});
  }
  if (const auto added = history->add(blessings); !added) return refuse(added.error());
  for (const entry& e : blessings) {
    const auto& b = std::get<history::blessing>(e.what);
    tell(wish, "blessed " + b.benchmark + " on " + b.runner + " up to " + b.until_time + " " + b.until_run);
  }
  return exit_code::ok;
}

exit_code export_to(const history_command& wish) {
  const fs::path folder = wish.results.front();
  const auto history = history_file::open(file_of(wish));
  if (!history) return refuse(history.error());
  const auto entries = history->all();
  if (!entries) return refuse(entries.error());
  if (!wish.replace) {
    const auto there = history::read_shards(folder);
    if (!there) return refuse(there.error());
    std::set<std::string> known;
    for (const entry& e : *entries) known.insert(e.id);
    const auto lacking = std::count_if(there->begin(), there->end(),
                                       [&known](const entry& e) { return !known.contains(e.id); });
    if (lacking > 0) {
      return refuse({error_kind::unwritable_output,
                     folder.string() + " has " + std::to_string(lacking) + " entries that " +
                         history->path().string() +
                         " lacks: deft history import adds them, export --replace drops them"});
    }
  }
  const auto changes = history::write_shards(history::shards_of(*entries, wish.shard_bytes), folder);
  if (!changes) return refuse(changes.error());
  tell(wish, counted(entries->size(), "line") + " in " + folder.string() + ": " +
                 counted(changes->written, "file") + " written, " + std::to_string(changes->unchanged) +
                 " as before, " + std::to_string(changes->removed) + " removed");
  return exit_code::ok;
}

exit_code import_from(const history_command& wish) {
  std::vector<entry> entries;
  for (const std::string& folder : wish.results) {
    std::error_code failure;
    if (!fs::is_directory(folder, failure))
      return refuse({error_kind::unreadable_input, "cannot read " + folder + ": not a folder"});
    auto some = history::read_shards(folder);
    if (!some) return refuse(some.error());
    for (entry& e : *some) entries.push_back(std::move(e));
  }
  auto history = history_file::open_or_create(file_of(wish));
  if (!history) return refuse(history.error());
  const auto added = history->add(entries);
  if (!added) return refuse(added.error());
  tell(wish, std::to_string(*added) + " added of " + counted(entries.size(), "line"));
  return exit_code::ok;
}

exit_code prune(const history_command& wish) {
  auto history = history_file::open(file_of(wish));
  if (!history) return refuse(history.error());
  history::retention keep;
  keep.most_runs = wish.keep;
  if (wish.days) {
    const auto age = std::chrono::seconds(static_cast<std::int64_t>(std::min(*wish.days, 36'500.0) * 86'400));
    keep.since = store::to_utc(std::chrono::system_clock::now() - age);
  }
  const auto outcome = history->prune(keep);
  if (!outcome) return refuse(outcome.error());
  tell(wish, counted(outcome->removed, "run") + " removed, " + std::to_string(outcome->kept) + " kept");
  return exit_code::ok;
}

exit_code check(const history_command& wish) {
  const auto history = history_file::open(file_of(wish));
  if (!history) return refuse(history.error());
  const auto entries = history->check();
  if (!entries) return refuse(entries.error());
  tell(wish, history->path().string() + ": " +
                 (*entries == 1 ? "1 entry" : std::to_string(*entries) + " entries") + ", all whole");
  return exit_code::ok;
}

}  // namespace

exit_code perform(const history_command& wish) {
  using action = history_command::action;
  switch (wish.what) {
    case action::add:
      return add(wish);
    case action::show:
      return show(wish);
    case action::bless:
      return bless(wish);
    case action::exporting:
      return export_to(wish);
    case action::importing:
      return import_from(wish);
    case action::prune:
      return prune(wish);
    case action::check:
      return check(wish);
  }
  return exit_code::usage;
}

}  // namespace deft::cli
