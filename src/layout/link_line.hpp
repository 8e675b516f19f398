#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "measure/random_source.hpp"

// What a linker is told, and the same with another layout.

namespace deft::layout {

/// The arguments with `@FILE` replaced by what the file holds, as GNU's and LLVM's tools read it: words apart
/// by white space, quotes and backslashes taken away, files in files. A file that cannot be read, or that
/// contains itself, stays as it is.
std::vector<std::string> expanded(const std::vector<std::string>& arguments);

/// The text of a response file that `expanded` reads back as these.
std::string response_text(const std::vector<std::string>& arguments);

/// Where object files stand: indices into `arguments`, in runs of neighbours with nothing between them. Not
/// among them are those that the compiler puts first and last (crt1.o, crtbegin.o, ...), whose place matters,
/// and what is the value of an option. Nor is anything moved across a library or an option: whether it still
/// linked would be luck.
std::vector<std::vector<std::size_t>> object_runs(const std::vector<std::string>& arguments);

/// Whether this makes a program or a shared library, not an object (-r) or an answer (--version).
bool makes_image(const std::vector<std::string>& arguments);

/// What follows -o; "a.out" if nothing does.
std::string output_of(const std::vector<std::string>& arguments);

/// The same link with the objects of each run in random order and `padding` somewhere among them, of which
/// `symbols` are kept whatever is not used. Without objects `padding` is put in front of the first library.
std::vector<std::string> shuffled(std::vector<std::string> arguments, measure::random_source& random,
                                  const std::string& padding, const std::vector<std::string>& symbols);

}  // namespace deft::layout
