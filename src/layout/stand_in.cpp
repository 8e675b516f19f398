#include "layout/stand_in.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <string_view>
#include <system_error>

#include <unistd.h>

#include "layout/link_line.hpp"
#include "layout/padding_object.hpp"
#include "measure/random_source.hpp"
#include "support/files.hpp"
#include "support/shell.hpp"

namespace deft::layout {
namespace {

using support::shell_quoted;

namespace fs = std::filesystem;

constexpr std::array linkers{"ld", "ld.bfd", "ld.gold", "ld.lld", "ld.mold"};

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

bool same_file(const fs::path& a, const fs::path& b) {
  std::error_code failure;
  return fs::equivalent(a, b, failure) && !failure;
}

fs::path in_list(const std::string& folders, const std::string& name, const fs::path& but) {
  std::string_view rest = folders;
  while (!rest.empty()) {
    const std::string_view one = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(one.size() + 1, rest.size()));
    if (one.empty() || same_file(one, but)) continue;
    const fs::path file = fs::path(one) / name;
    std::error_code failure;
    if (fs::is_regular_file(file, failure) && ::access(file.c_str(), X_OK) == 0) return file;
  }
  return {};
}

/// The first object that tells what machine this is for: files of link-time optimisation may not.
std::optional<std::string> padding_for(const std::vector<std::string>& arguments,
                                       const padding_sizes& sizes) {
  for (const std::string& argument : arguments) {
    if (argument.starts_with('-') || !argument.ends_with(".o")) continue;
    std::ifstream file(argument, std::ios::binary);
    std::string sample(64, '\0');
    file.read(sample.data(), static_cast<std::streamsize>(sample.size()));
    if (!file) continue;
    if (auto object = padding_object(sample, sizes)) return object;
  }
  return std::nullopt;
}

int fail(const std::string& message) {
  std::fprintf(stderr, "deft: layout: %s\n", message.c_str());
  return 1;
}

}  // namespace

support::result<void> write_stand_ins(const fs::path& folder, const fs::path& self, std::uint64_t seed) {
  for (const char* name : linkers) {
    const std::string script = "#!/bin/sh\nexec " + shell_quoted(self.string()) + " " + stand_in_word + " " +
                               name + " " + std::to_string(seed) + " " + shell_quoted(folder.string()) +
                               " \"$@\"\n";
    if (auto written = support::write_file(folder / name, script); !written) return written;
    std::error_code failure;
    fs::permissions(folder / name, fs::perms::owner_all, failure);
    if (failure)
      return support::error{support::error_kind::unwritable_output,
                            (folder / name).string() + ": " + failure.message()};
  }
  return {};
}

std::vector<std::pair<std::string, std::string>> stand_in_environment(const fs::path& folder) {
  std::vector<std::pair<std::string, std::string>> variables;
  for (const char* name : {"COMPILER_PATH", "PATH"}) {
    const std::string before = variable(name);
    variables.emplace_back(name, folder.string() + (before.empty() ? "" : ":" + before));
  }
  return variables;
}

std::vector<std::string> linked(const fs::path& folder) {
  std::vector<std::string> files;
  std::ifstream log(folder / "linked");
  for (std::string line; std::getline(log, line);) files.push_back(line);
  return files;
}

fs::path real_linker(const std::string& name, const fs::path& folder, const std::string& compiler_path,
                     const fs::path& compiler, const std::string& path) {
  for (const std::string& folders : {compiler_path, compiler.parent_path().string(), path}) {
    if (fs::path found = in_list(folders, name, folder); !found.empty()) return found;
  }
  return {};
}

int run_stand_in(int argc, const char* const* argv) {
  if (argc < 5) return fail("this is how deft starts itself in the place of a linker");
  const std::string name = argv[2];
  const std::string_view seed_text = argv[3];
  const fs::path folder = argv[4];
  std::uint64_t seed = 0;
  std::from_chars(seed_text.data(), seed_text.data() + seed_text.size(), seed);

  std::error_code failure;
  const fs::path compiler = fs::read_symlink("/proc/" + std::to_string(::getppid()) + "/exe", failure);
  const fs::path linker = real_linker(name, folder, variable("COMPILER_PATH"), compiler, variable("PATH"));
  if (linker.empty()) return fail("there is no linker '" + name + "' beside the one that deft put there");

  std::vector<std::string> given(argv + 5, argv + argc);
  std::vector<std::string> arguments = expanded(given);
  if (makes_image(arguments)) {
    measure::random_source random(seed);
    const padding_sizes sizes = random_sizes(random);
    const std::string stem = "link-" + std::to_string(::getpid());
    std::string padding;
    if (const auto object = padding_for(arguments, sizes)) {
      padding = (folder / (stem + ".o")).string();
      if (const auto written = support::write_file(padding, *object); !written)
        return fail(written.error().message);
    }
    const std::string output = fs::absolute(output_of(arguments), failure).string();
    arguments = shuffled(std::move(arguments), random, padding, padding_symbols());
    if (const auto noted = support::append_file(folder / "linked", output + "\n"); !noted)
      return fail(noted.error().message);
    // What came in a file may be too long for a command line.
    if (arguments.size() > given.size() + padding_symbols().size() + 1) {
      const fs::path file = folder / (stem + ".rsp");
      if (const auto written = support::write_file(file, response_text(arguments)); !written)
        return fail(written.error().message);
      arguments = {"@" + file.string()};
    }
  } else {
    arguments = std::move(given);
  }

  std::string self = linker.string();
  std::vector<char*> words{self.data()};
  for (std::string& argument : arguments) words.push_back(argument.data());
  words.push_back(nullptr);
  ::execv(linker.c_str(), words.data());
  return fail(linker.string() + ": " + std::generic_category().message(errno));
}

}  // namespace deft::layout
