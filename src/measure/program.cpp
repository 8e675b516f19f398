#include "measure/program.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <regex>
#include <set>

#include "deft/measure/detail/suite.hpp"

#include "support/files.hpp"
#include "support/process.hpp"

namespace deft::measure {
namespace {

using support::error;
using support::error_kind;

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) lines.emplace_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

struct answer {
  support::exit_status status;
  std::string text;  ///< What it printed on stdout.
};

support::result<answer> ask(const program& p, const std::vector<std::string>& questions,
                            const std::filesystem::path& folder, std::chrono::milliseconds time_limit) {
  support::spawn_options options;
  options.argv = {executable(p)};
  options.argv.insert(options.argv.end(), p.arguments.begin(), p.arguments.end());
  options.argv.insert(options.argv.end(), questions.begin(), questions.end());
  options.environment = p.environment;
  options.stdout_path = (folder / "stdout").string();
  const auto status = support::run(options, time_limit);
  if (!status) return status.error();
  if (status->interrupted) return error{error_kind::interrupted, "stopped by the user"};
  auto text = support::read_file(folder / "stdout");
  if (!text) return text.error();
  return answer{*status, *std::move(text)};
}

}  // namespace

std::string executable(const program& p) {
  std::error_code ignored;
  const bool plain_name = p.path.find('/') == std::string::npos;
  return plain_name && std::filesystem::is_regular_file(p.path, ignored) ? "./" + p.path : p.path;
}

support::result<std::vector<std::string>> list_benchmarks(const program& p,
                                                          std::chrono::milliseconds time_limit) {
  const auto folder = support::temporary_folder::make("list");
  if (!folder) return folder.error();
  // The library opens the output file before it lists anything; a program of another kind does not know the
  // flag. So the file is what tells a benchmark program from one that prints lines and exits with 0.
  const auto mark = folder->path() / "mark";
  // A program does not tell that its list was cut off because the disk is full.
  constexpr std::size_t room_for_a_list = 1 << 18;
  if (auto room = support::write_file(folder->path() / "stdout", std::string(room_for_a_list, ' ')); !room)
    return room.error();
  const auto listed =
      ask(p, {"--benchmark_list_tests=true", "--benchmark_out=" + mark.string()}, folder->path(), time_limit);
  if (!listed) return listed.error();
  if (!listed->status.ok()) {
    return error{error_kind::benchmark_failed,
                 p.path + ": " + listed->status.describe() +
                     " when asked for its benchmarks (--benchmark_list_tests=true)"};
  }
  std::error_code ignored;
  if (!std::filesystem::exists(mark, ignored)) {
    return error{error_kind::benchmark_failed,
                 p.path +
                     ": not a Google Benchmark program (it does not act on --benchmark_list_tests=true "
                     "--benchmark_out=FILE)"};
  }
  std::vector<std::string> names = lines_of(listed->text);

  // What it prints when no benchmark matches is what it prints anyway, a banner say, and no benchmark's name.
  const auto unmatched = ask(p, {"--benchmark_list_tests=true", "--benchmark_filter=^no benchmark at all$"},
                             folder->path(), time_limit);
  if (unmatched && unmatched->status.ok()) {
    for (const std::string& line : lines_of(unmatched->text)) {
      const auto found = std::find(names.begin(), names.end(), line);
      if (found != names.end()) names.erase(found);
    }
  }
  std::set<std::string> seen;
  std::erase_if(names, [&seen](const std::string& name) { return !seen.insert(name).second; });
  return names;
}

std::string exact_filter(std::string_view name) {
  return detail::exact_filter(std::string(name));
}

support::result<std::vector<std::string>> matching(const std::vector<std::string>& names,
                                                   const std::string& expression) {
  if (expression.empty() || expression == "all") return names;
  const bool negated = expression.starts_with('-');
  std::vector<std::string> chosen;
  try {
    const std::regex pattern(expression.substr(negated ? 1 : 0), std::regex::extended);
    std::copy_if(names.begin(), names.end(), std::back_inserter(chosen),
                 [&](const std::string& name) { return std::regex_search(name, pattern) != negated; });
  } catch (const std::regex_error& failure) {
    return error{error_kind::usage,
                 "--filter '" + expression + "' is not a regular expression: " + failure.what()};
  }
  return chosen;
}

method natural_method(std::string_view name) {
  while (!name.empty()) {
    const std::size_t end = std::min(name.find('/'), name.size());
    const std::string_view part = name.substr(0, end);
    if (part == "real_time" || part == "manual_time" || part == "process_time") return method::alternating;
    static constexpr std::string_view threads = "threads:";
    if (part.starts_with(threads)) {
      int count = 1;
      std::from_chars(part.data() + threads.size(), part.data() + part.size(), count);
      if (count > 1) return method::alternating;
    }
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return method::same_core;
}

}  // namespace deft::measure
