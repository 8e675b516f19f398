#include "cli/output.hpp"

#include <cerrno>
#include <span>
#include <system_error>

#include <unistd.h>

#include "history/history_file.hpp"
#include "report/report.hpp"
#include "support/files.hpp"

namespace deft::cli {
namespace {

namespace fs = std::filesystem;

support::error cannot_write(const fs::path& file, const std::string& why) {
  return {support::error_kind::unwritable_output, "cannot write " + file.string() + ": " + why};
}

}  // namespace

support::result<void> check_writable(const fs::path& file) {
  std::error_code failure;
  if (fs::is_directory(file, failure)) return cannot_write(file, "is a folder");
  if (fs::exists(file, failure)) {
    if (::access(file.c_str(), W_OK) != 0) return cannot_write(file, std::generic_category().message(errno));
    if (!fs::is_regular_file(file, failure)) return {};
  }
  // A file is replaced by a new one, which its folder has to permit.
  fs::path folder = fs::absolute(support::behind_links(file), failure).parent_path();
  while (!fs::exists(folder, failure) && folder.has_relative_path()) folder = folder.parent_path();
  if (!fs::is_directory(folder, failure)) return cannot_write(file, folder.string() + " is not a folder");
  if (::access(folder.c_str(), W_OK) != 0)
    return cannot_write(file, folder.string() + ": " + std::generic_category().message(errno));
  return {};
}

support::result<void> check_history(const fs::path& history) {
  const auto opened = history::history_file::open_or_create(history);
  if (!opened) return opened.error();
  return {};
}

support::result<void> add_to_history(const store::result_file& file, const fs::path& history) {
  auto opened = history::history_file::open_or_create(history);
  if (!opened) return opened.error();
  const history::entry e = history::from_result(file, history::default_runner(file.machine), "");
  const auto added = opened->add(std::span(&e, 1));
  if (!added) return added.error();
  return {};
}

support::result<std::vector<history::series>> read_past(const fs::path& history, const std::string& runner) {
  const auto opened = history::history_file::open(history);
  if (!opened) return opened.error();
  const auto runs = opened->newest_runs(runner, report::most_runs_shown);
  if (!runs) return runs.error();
  if (runs->empty())
    return support::error{support::error_kind::usage,
                          history.string() + " has no runs of a runner " + runner};
  const auto blessings = opened->blessings(runner);
  if (!blessings) return blessings.error();
  return history::series_of(*runs, *blessings, history::quantity::time);
}

support::result<void> write_report(const store::result_file& file, std::span<const history::series> past,
                                   const fs::path& folder) {
  if (auto written = support::write_file(folder / "index.html", report::to_html(file, past)); !written)
    return written;
  if (auto written = support::write_file(folder / "report.md", report::to_markdown(file)); !written)
    return written;
  return store::save(file, folder / "result.json");
}

}  // namespace deft::cli
