#include "cli/program.hpp"

#include <cstdio>
#include <exception>
#include <string_view>
#include <variant>

#include "cli/command_line.hpp"
#include "cli/exit_code.hpp"
#include "cli/perform.hpp"
#include "layout/stand_in.hpp"
#include "selftest/load.hpp"
#include "selftest/seeded_benchmarks.hpp"
#include "support/interrupt.hpp"

namespace deft::cli {
namespace {

exit_code perform(const done& nothing) {
  return nothing.code;
}

exit_code perform(const print_command& wish) {
  std::fputs(wish.text.c_str(), stdout);  // Whether it got there is seen when it is flushed.
  return exit_code::ok;
}

}  // namespace

int run_program(int argc, const char* const* argv) {
  // How deft starts itself: not for users, so in no help.
  const std::string_view hidden = argc > 1 ? argv[1] : "";
  if (hidden == layout::stand_in_word) return layout::run_stand_in(argc, argv);
  if (hidden == selftest::benchmarks_word) return selftest::run_benchmarks(argc, argv);
  if (hidden == selftest::load_word) return selftest::run_load(argc, argv);
  try {
    const command wish = parse_command_line(argc, argv);
    support::install_interrupt_handlers();
    exit_code code = std::visit([](const auto& c) { return perform(c); }, wish);
    // A full disk may swallow what was printed, too.
    if (std::fflush(stdout) != 0 && code == exit_code::ok) {
      complain({support::error_kind::unwritable_output, "cannot write to the standard output"});
      code = exit_code::file;
    }
    return static_cast<int>(code);
  } catch (const std::exception& failure) {  // Out of memory, a file system that answers with nonsense.
    complain({support::error_kind::unavailable, failure.what()});
    return static_cast<int>(exit_code::file);
  }
}

}  // namespace deft::cli
