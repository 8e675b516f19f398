#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "support/result.hpp"

// This program in the place of a linker: compilers look for theirs in COMPILER_PATH first.

namespace deft::layout {

/// The first word of a command line that says so; what follows is the linker's name, the seed, the folder of
/// the stand-ins, and the linker's own arguments.
inline constexpr const char* stand_in_word = "--as-linker";

/// Puts one stand-in for each linker that compilers know into the folder, which exists. `self` is this
/// program's own file.
support::result<void> write_stand_ins(const std::filesystem::path& folder, const std::filesystem::path& self,
                                      std::uint64_t seed);

/// What a build has to have in its environment to use them.
std::vector<std::pair<std::string, std::string>> stand_in_environment(const std::filesystem::path& folder);

/// The files that were linked by the stand-ins of the folder so far, in the order in which they were.
std::vector<std::string> linked(const std::filesystem::path& folder);

/// The linker `name` that a compiler would have taken had the stand-ins in `folder` not been there: looked up
/// in `compiler_path`, then beside the compiler's own file `compiler`, then in `path`. Empty if there is
/// none.
std::filesystem::path real_linker(const std::string& name, const std::filesystem::path& folder,
                                  const std::string& compiler_path, const std::filesystem::path& compiler,
                                  const std::string& path);

/// Does a linker's work with another layout, by becoming the linker. Returns only if that fails: an exit
/// code, after a line on stderr. `argv[1]` is `stand_in_word`.
int run_stand_in(int argc, const char* const* argv);

}  // namespace deft::layout
