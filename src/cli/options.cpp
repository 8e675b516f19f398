#include <charconv>
#include <cstdio>

#include "cli/verbs.hpp"

namespace deft::cli {
namespace {

constexpr const char* exit_codes = R"(Exit codes:
  0    ok
  1    a benchmark regressed, is missing or does too much more work (gate, --gate); it became slower, unblessed (history show --gate)
  2    the command line, or a filter or name that matches nothing
  3    inconclusive (with --strict), or the run was not whole (gate, --gate)
  4    a benchmark crashed, hung or reported an error, or the program is no benchmark program; or a command
       cannot be started, or fails (cmd-ab)
  5    a file could not be read or written, a commit does not build, or this machine allows no profile
  130  interrupted; what was measured until then is kept
  deft profile ends with the command's own exit code, 128 + the signal that killed it, or 124 (--time-limit)
)";

}  // namespace

done refuse(const std::string& verb, const std::string& message) {
  const std::string name = verb.empty() ? "deft" : "deft " + verb;
  std::fprintf(stderr, "%s: %s (%s --help tells more)\n", name.c_str(), message.c_str(), name.c_str());
  return {exit_code::usage};
}

void add_footer(CLI::App& verb, const std::string& examples) {
  verb.footer(examples + "\n" + exit_codes);
}

std::string finite_positive(const std::string& text) {
  double value = 0;
  if (!CLI::detail::lexical_cast(text, value) || !(value > 0) || !(value < 1e9)) {
    return "needs a number greater than 0, not '" + text + "'";
  }
  return {};
}

/// CLI11 would take -1 and what no 64 bits hold.
std::string whole_number(const std::string& text) {
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure == std::errc{} && end == text.data() + text.size()) return {};
  return "needs a whole number from 0 to 2^64 - 1, not '" + text + "'";
}

std::string not_empty(const std::string& text) {
  return text.empty() ? "needs a name" : "";
}

std::string key_and_value(const std::string& text) {
  const std::size_t equals = text.find('=');
  return equals == std::string::npos || equals == 0 ? "needs KEY=VALUE, not '" + text + "'" : std::string{};
}

CLI::Option* add_repeatable(CLI::App& verb, const std::string& name, std::vector<std::string>& into,
                            const std::string& description) {
  return verb.add_option(name, into, description)->allow_extra_args(false);
}

}  // namespace deft::cli
