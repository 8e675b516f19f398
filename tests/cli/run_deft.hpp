#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "store/result_file.hpp"
#include "support/files.hpp"
#include "support/process.hpp"

namespace deft::cli {

/// How the program ended and what it said.
struct outcome {
  int code = -1;
  std::string out;
  std::string err;
};

/// A test that runs the built program, in a folder of its own.
class deft_program : public testing::Test {
 protected:
  deft_program();

  std::filesystem::path in_folder(const std::string& name) const { return folder_.path() / name; }

  std::string result_path() const { return in_folder("result.json").string(); }

  /// Options with which a benchmark takes a fraction of a second.
  static std::vector<std::string> quick();

  support::spawn_options command(std::vector<std::string> arguments) const;

  /// Runs `deft ARGUMENTS...` to its end.
  outcome deft(std::vector<std::string> arguments) const;

  /// The same for `deft VERB ... -o result.json` with quick() added.
  outcome measure(std::vector<std::string> arguments) const;

  /// What is in result.json.
  store::result_file result() const;

  /// The benchmark of that name in result.json; fails the test if there is none.
  store::benchmark benchmark(const std::string& name) const;

  std::string read(const std::string& name) const;
  void write(const std::string& name, const std::string& text) const;

  /// A file in the folder that may be executed.
  std::string write_script(const std::string& name, const std::string& text) const;

  /// Every process started by this test carries this in its environment.
  const std::pair<std::string, std::string>& token() const { return token_; }

  /// Processes that carry the token, by a look into /proc; deft itself is one of them.
  std::vector<pid_t> processes() const;

  /// Whether no such process is left. One that has been killed takes a moment to go.
  bool leaves_no_process() const;

 private:
  support::temporary_folder folder_;
  std::pair<std::string, std::string> token_;
};

/// Whether `text` is one line and says each of `words`.
testing::AssertionResult is_one_line_with(const std::string& text, const std::vector<std::string>& words);

}  // namespace deft::cli
