#pragma once

namespace deft::cli {

/// The program `deft`: reads the command line, does what it says and returns the exit code.
int run_program(int argc, const char* const* argv);

}  // namespace deft::cli
