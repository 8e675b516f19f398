#include "tests/cli/run_deft.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <thread>

#include <unistd.h>

namespace deft::cli {
namespace {

support::temporary_folder new_folder() {
  auto folder = support::temporary_folder::make("test");
  if (!folder) throw std::runtime_error(folder.error().message);
  return *std::move(folder);
}

}  // namespace

deft_program::deft_program()
    : folder_(new_folder()), token_("DEFT_TEST_TOKEN", folder_.path().filename().string()) {
  std::filesystem::create_directories(in_folder("tmp"));
}

std::vector<std::string> deft_program::quick() {
  return {"--no-profile", "--rounds", "2", "--repetitions", "2", "--min-time", "0.001", "--seed", "1"};
}

support::spawn_options deft_program::command(std::vector<std::string> arguments) const {
  support::spawn_options options;
  options.argv = {DEFT_TEST_PROGRAM};
  options.argv.insert(options.argv.end(), arguments.begin(), arguments.end());
  // A deft that is killed leaves its temporary files: here they go with the test's folder.
  options.environment = {token_, {"TMPDIR", in_folder("tmp").string()}};
  options.working_folder = folder_.path().string();
  options.stdout_path = in_folder("stdout").string();
  options.stderr_path = in_folder("stderr").string();
  return options;
}

outcome deft_program::deft(std::vector<std::string> arguments) const {
  const auto status = support::run(command(std::move(arguments)), std::chrono::seconds(120));
  EXPECT_TRUE(status) << status.error().message;
  if (!status) return {};
  EXPECT_FALSE(status->timed_out);
  return {status->code, read("stdout"), read("stderr")};
}

outcome deft_program::measure(std::vector<std::string> arguments) const {
  for (const std::string& argument : quick()) arguments.push_back(argument);
  arguments.insert(arguments.end(), {"-o", result_path()});
  return deft(std::move(arguments));
}

store::result_file deft_program::result() const {
  auto file = store::load(result_path());
  EXPECT_TRUE(file) << file.error().message;
  return file ? *std::move(file) : store::result_file{};
}

store::benchmark deft_program::benchmark(const std::string& name) const {
  const auto file = result();
  const auto found = std::find_if(file.benchmarks.begin(), file.benchmarks.end(),
                                  [&name](const store::benchmark& b) { return b.name == name; });
  EXPECT_NE(found, file.benchmarks.end()) << name;
  return found != file.benchmarks.end() ? *found : store::benchmark{};
}

std::string deft_program::read(const std::string& name) const {
  auto text = support::read_file(in_folder(name));
  return text ? *std::move(text) : std::string{};
}

void deft_program::write(const std::string& name, const std::string& text) const {
  ASSERT_TRUE(support::write_file(in_folder(name), text));
}

std::string deft_program::write_script(const std::string& name, const std::string& text) const {
  write(name, text);
  std::filesystem::permissions(in_folder(name), std::filesystem::perms::owner_all);
  return in_folder(name).string();
}

std::vector<pid_t> deft_program::processes() const {
  std::vector<pid_t> found;
  std::error_code failure;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", failure)) {
    const std::string name = entry.path().filename().string();
    pid_t pid = 0;
    if (std::from_chars(name.data(), name.data() + name.size(), pid).ec != std::errc{}) continue;
    const auto environment = support::read_file(entry.path() / "environ");
    if (environment && environment->find(token_.first + "=" + token_.second) != std::string::npos)
      found.push_back(pid);
  }
  return found;
}

bool deft_program::leaves_no_process() const {
  for (int i = 0; i < 1000 && !processes().empty(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return processes().empty();
}

testing::AssertionResult is_one_line_with(const std::string& text, const std::vector<std::string>& words) {
  if (std::count(text.begin(), text.end(), '\n') != 1 || !text.ends_with('\n'))
    return testing::AssertionFailure() << "not one line: " << text;
  for (const std::string& word : words) {
    if (text.find(word) == std::string::npos)
      return testing::AssertionFailure() << "no '" << word << "' in: " << text;
  }
  return testing::AssertionSuccess();
}

}  // namespace deft::cli
