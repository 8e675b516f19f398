#pragma once

namespace deft::selftest {

/// The first word of a command line that says so: this program is then a busy neighbour.
inline constexpr const char* load_word = "--as-load";

/// One to three processes that only compute, for about a second, about 1.5 s apart, until it is killed. Those
/// die with it. `argv[1]` is `load_word`, `argv[2]` a seed.
int run_load(int argc, const char* const* argv);

}  // namespace deft::selftest
