#include "cli/build_command.hpp"

#include <chrono>

#include "support/files.hpp"
#include "support/process.hpp"

namespace deft::cli {

using support::error;
using support::error_kind;

namespace {

constexpr std::chrono::hours build_patience{4};

}  // namespace

std::string last_lines(const std::string& text, std::size_t count) {
  std::size_t end = text.size();
  while (end > 0 && (text[end - 1] == '\n' || text[end - 1] == '\r')) --end;
  std::size_t begin = end;
  for (std::size_t seen = 0; begin > 0; --begin) {
    if (text[begin - 1] == '\n' && ++seen == count) break;
  }
  return text.substr(begin, end - begin);
}

support::result<void> run_build(const std::string& build, const std::filesystem::path& tree,
                                const environment& variables, const std::filesystem::path& log,
                                const std::string& label) {
  support::spawn_options options;
  // One log for both streams, in the order in which things happened.
  options.argv = {"/bin/sh", "-c", "exec 2>&1; " + build};
  options.environment = variables;
  options.stdout_path = log.string();
  options.working_folder = tree.string();
  const auto status = support::run(options, build_patience);
  if (!status) return status.error();
  if (status->interrupted) return error{error_kind::interrupted, "stopped by the user"};
  if (status->ok()) return {};
  const auto text = support::read_file(log);
  return error{error_kind::unreadable_input,
               label + ": the build command failed (" + status->describe() + "): " + build +
                   (text && !text->empty() ? "\n" + last_lines(*text, 20) : "")};
}

}  // namespace deft::cli
