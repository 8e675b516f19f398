#pragma once

#include <cstddef>

#include "store/profile_file.hpp"

namespace deft::report::test {

struct profile_size {
  symbols::profile_kind kind = symbols::profile_kind::cpu;
  std::size_t stacks = 1'500;
  std::size_t deepest = 24;
  std::size_t functions = 300;
  bool has_threads = true;
  std::size_t instructions = 1'200;  ///< Of the first hot function.
};

/// A program with threads in two processes, inlined functions, kernel frames, scopes, a function behind a
/// decltype return type, names that are markup or in other scripts, and hot functions with and without
/// source. The same every time.
store::profile_file sample_profile(const profile_size& size = {});

/// About 160,000 nodes.
store::profile_file large_profile();

}  // namespace deft::report::test
