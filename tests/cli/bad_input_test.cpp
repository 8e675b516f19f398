// Each thing that users get wrong, or that goes wrong for them: one clear line, the documented exit code, and
// what was measured of the rest is kept.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/cli/run_deft.hpp"

namespace deft::cli {
namespace {

using stats::verdict;
using testing::HasSubstr;

class BadInput : public deft_program {
 protected:
  /// Runs `deft ab` of the misbehaving program with itself; `filter` picks the benchmarks.
  outcome compare_misbehaving(const std::string& filter, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"ab", DEFT_TEST_MISBEHAVING, DEFT_TEST_MISBEHAVING, "--filter", filter,
                                       "-q"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return measure(std::move(arguments));
  }

  /// Expects that `name` failed for `cause`, that `good` beside it was measured, and exit code 4.
  void expect_failure(const std::string& name, const std::string& cause,
                      const std::vector<std::string>& more = {}) const {
    const outcome o = compare_misbehaving("^(good|" + name + ")$", more);
    EXPECT_EQ(o.code, 4) << o.err;
    const auto failed = benchmark(name);
    ASSERT_TRUE(failed.decision);
    EXPECT_EQ(failed.decision->verdict, verdict::failed);
    EXPECT_THAT(failed.failure, HasSubstr(cause));
    EXPECT_THAT(failed.decision->reason, HasSubstr(cause));
    const auto good = benchmark("good");
    EXPECT_TRUE(good.failure.empty());
    EXPECT_GE(good.rounds.size(), 2U);  // More if noise looked like a change at first.
    EXPECT_GT(good.head_ns, 0);
  }

  /// A result file of a short comparison.
  void make_result() const {
    ASSERT_EQ(
        measure({"ab", DEFT_TEST_SEEDED_SLOWDOWN, DEFT_TEST_SEEDED_SLOWDOWN, "--filter", "sum", "-q"}).code,
        0);
  }
};

TEST_F(BadInput, ProgramThatIsNoBenchmarkProgram) {
  for (const std::string verb : {"run", "ab"}) {
    std::vector<std::string> arguments{verb, "/bin/true"};
    if (verb == "ab") arguments.push_back(DEFT_TEST_PRINTING);
    const outcome o = measure(arguments);
    EXPECT_EQ(o.code, 4);
    EXPECT_TRUE(is_one_line_with(o.err, {"/bin/true", "not a Google Benchmark program"}));
  }
}

TEST_F(BadInput, ScriptThatPrintsGarbage) {
  const std::string script = write_script("garbage.sh", "#!/bin/sh\nprintf 'a\\n\\001\\377\\nb\\n'\n");
  const outcome o = measure({"run", script});
  EXPECT_EQ(o.code, 4);
  EXPECT_TRUE(is_one_line_with(o.err, {script, "not a Google Benchmark program"}));
}

TEST_F(BadInput, ProgramThatDoesNotExist) {
  const outcome o = measure({"ab", "/no/such/program", DEFT_TEST_PRINTING});
  EXPECT_EQ(o.code, 4);
  EXPECT_TRUE(is_one_line_with(o.err, {"/no/such/program", "No such file"}));
}

TEST_F(BadInput, FileThatCannotBeExecuted) {
  write("data.txt", "data\n");
  const outcome o = measure({"run", in_folder("data.txt").string()});
  EXPECT_EQ(o.code, 4);
  EXPECT_TRUE(is_one_line_with(o.err, {"data.txt", "ermission denied"}));
}

TEST_F(BadInput, ProgramThatNeverListsItsBenchmarks) {
  const std::string script = write_script("sleeping.sh", "#!/bin/sh\nsleep 1000\n");
  const outcome o = measure({"run", script, "--time-limit", "0.2"});
  EXPECT_EQ(o.code, 4);
  EXPECT_TRUE(is_one_line_with(o.err, {script, "time limit"}));
  EXPECT_TRUE(leaves_no_process());
}

TEST_F(BadInput, OneOfSeveralProgramsIsNone) {
  const outcome o = measure({"run", "/bin/true", DEFT_TEST_PRINTING, "-q"});
  EXPECT_EQ(o.code, 4);
  EXPECT_TRUE(is_one_line_with(o.err, {"/bin/true"}));
  EXPECT_GT(benchmark("work").base_ns, 0);
  EXPECT_THAT(benchmark("/bin/true").failure, HasSubstr("not a Google Benchmark program"));
}

TEST_F(BadInput, BenchmarkThatCrashesWithASignal) {
  expect_failure("segfault", "SIGSEGV");
}

TEST_F(BadInput, BenchmarkThatAbortsWithWords) {
  expect_failure("abort", "the table is corrupt");
}

TEST_F(BadInput, BenchmarkThatExitsWithACode) {
  expect_failure("exit_3", "exit code 3");
}

TEST_F(BadInput, BenchmarkThatExitsAsIfAllWereWell) {
  expect_failure("exit_0", "cut off");
}

TEST_F(BadInput, BenchmarkThatReportsAnError) {
  expect_failure("error", "no input file");
}

TEST_F(BadInput, BenchmarkThatHangs) {
  expect_failure("hang", "no end within the time limit of 0.5 s", {"--time-limit", "0.5"});
  EXPECT_TRUE(leaves_no_process());
}

TEST_F(BadInput, BenchmarkThatHangsWithAChild) {
  expect_failure("hang_with_child", "time limit", {"--time-limit", "0.5"});
  EXPECT_TRUE(leaves_no_process());
}

TEST_F(BadInput, GarbageOnStdoutDoesNoHarm) {
  EXPECT_EQ(compare_misbehaving("garbage").code, 0);
  EXPECT_GT(benchmark("garbage").head_ns, 0);
}

TEST_F(BadInput, NothingMatchesTheFilter) {
  const outcome o = compare_misbehaving("no such name");
  EXPECT_EQ(o.code, 2);
  EXPECT_TRUE(is_one_line_with(o.err, {"no such name", DEFT_TEST_MISBEHAVING, "the first is good"}));
}

TEST_F(BadInput, FilterThatIsNoRegularExpression) {
  const outcome o = compare_misbehaving("a(");
  EXPECT_EQ(o.code, 2);
  EXPECT_TRUE(is_one_line_with(o.err, {"--filter", "a("}));
}

TEST_F(BadInput, ResultFileThatDoesNotExist) {
  for (const std::string verb : {"gate", "report"}) {
    const outcome o = deft({verb, "absent.json"});
    EXPECT_EQ(o.code, 5);
    EXPECT_TRUE(is_one_line_with(o.err, {"absent.json", "No such file"}));
  }
}

TEST_F(BadInput, ResultFileCutInHalf) {
  make_result();
  const std::string whole = read("result.json");
  write("half.json", whole.substr(0, whole.size() / 2));
  for (const std::string verb : {"gate", "report"}) {
    const outcome o = deft({verb, "half.json"});
    EXPECT_EQ(o.code, 5);
    EXPECT_TRUE(is_one_line_with(o.err, {"half.json"}));
  }
}

TEST_F(BadInput, ResultFileOfANewerVersion) {
  make_result();
  std::string text = read("result.json");
  const std::size_t at = text.find("\"version\"");
  ASSERT_NE(at, std::string::npos);
  const std::size_t digit = text.find_first_of("0123456789", at);
  text.replace(digit, 1, "99");
  write("newer.json", text);
  const outcome o = deft({"gate", "newer.json"});
  EXPECT_EQ(o.code, 5);
  EXPECT_TRUE(is_one_line_with(o.err, {"newer.json", "99", "newer"}));
}

TEST_F(BadInput, ResultFileThatIsNoJson) {
  write("text.json", "Dear reader,\n");
  const outcome o = deft({"report", "text.json"});
  EXPECT_EQ(o.code, 5);
  EXPECT_TRUE(is_one_line_with(o.err, {"text.json"}));
}

TEST_F(BadInput, ResultOfARunIsNothingToGate) {
  ASSERT_EQ(measure({"run", DEFT_TEST_PRINTING, "-q"}).code, 0);
  const outcome o = deft({"gate", result_path()});
  EXPECT_EQ(o.code, 5);
  EXPECT_TRUE(is_one_line_with(o.err, {result_path(), "deft run"}));
}

TEST_F(BadInput, ResultWithoutBenchmarksIsNothingToGate) {
  store::result_file file;
  file.kind = store::run_kind::comparison;
  write("nothing.json", store::to_json(file));
  const outcome o = deft({"gate", "nothing.json"});
  EXPECT_EQ(o.code, 5);
  EXPECT_TRUE(is_one_line_with(o.err, {"nothing.json", "no benchmarks"}));

  file.interrupted = true;
  write("nothing.json", store::to_json(file));
  EXPECT_EQ(deft({"gate", "nothing.json"}).code, 3);
}

TEST_F(BadInput, ProgramNamedTwice) {
  const std::string also = std::filesystem::path(DEFT_TEST_PRINTING).parent_path().string() + "/./printing";
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"run", DEFT_TEST_PRINTING, DEFT_TEST_PRINTING},
        {"run", DEFT_TEST_PRINTING, also},
        {"ab", "/usr", "/usr", "--bench", "bin/true", "--bench", "bin/true"}}) {
    const outcome o = measure(arguments);
    EXPECT_EQ(o.code, 2) << arguments[0];
    EXPECT_TRUE(is_one_line_with(o.err, {arguments.back(), "twice"})) << arguments[0];
  }
}

TEST_F(BadInput, OutputThatCannotBeWrittenIsFoundBeforeMeasuring) {
  write("file", "");
  for (const std::string& path :
       std::vector<std::string>{in_folder("file/result.json").string(), in_folder("").string()}) {
    const outcome o = deft({"ab", DEFT_TEST_PRINTING, DEFT_TEST_PRINTING, "-o", path});
    EXPECT_EQ(o.code, 5);
    EXPECT_TRUE(is_one_line_with(o.err, {"cannot write", path}));
    EXPECT_EQ(o.out, "");
  }
}

TEST_F(BadInput, FolderThatLetsNoFileBeReplacedIsFoundBeforeMeasuring) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  namespace fs = std::filesystem;
  write("closed/result.json", "old");
  fs::permissions(in_folder("closed"), fs::perms::owner_read | fs::perms::owner_exec);
  const outcome o = deft({"run", DEFT_TEST_PRINTING, "-o", in_folder("closed/result.json").string()});
  fs::permissions(in_folder("closed"), fs::perms::owner_all);
  EXPECT_EQ(o.code, 5);
  EXPECT_TRUE(is_one_line_with(o.err, {"cannot write", "closed"}));
  EXPECT_EQ(o.out, "");
}

TEST_F(BadInput, ProgramThatFindsTheTemporaryFolderFull) {
  // A file that may not grow is the nearest thing to a full disk that needs no privilege.
  const std::string script = write_script(
      "limited.sh", "#!/bin/bash\nulimit -f 8\ntrap '' XFSZ\nexec '" DEFT_TEST_PROGRAM "' \"$@\"\n");
  auto limited = command({"run", DEFT_TEST_PRINTING});
  limited.argv[0] = script;
  const auto status = support::run(limited, std::chrono::seconds(60));
  ASSERT_TRUE(status);
  EXPECT_EQ(status->code, 5);
  EXPECT_TRUE(is_one_line_with(read("stderr"), {"cannot write", "File too large"}));
}

TEST_F(BadInput, ReportFolderThatCannotBeWritten) {
  make_result();
  write("file", "");
  const outcome o = deft({"report", result_path(), "-o", in_folder("file/report").string()});
  EXPECT_EQ(o.code, 5);
  EXPECT_TRUE(is_one_line_with(o.err, {"file/report"}));
}

TEST_F(BadInput, FullDiskLosesNeitherTheTableNorTheOldFile) {
  const outcome o = deft({"ab", DEFT_TEST_PRINTING, DEFT_TEST_PRINTING, "--no-profile", "--rounds", "2",
                          "--min-time", "0.001", "-o", "/dev/full"});
  EXPECT_EQ(o.code, 5);
  EXPECT_THAT(o.err, HasSubstr("/dev/full: No space left on device"));
  EXPECT_THAT(o.out, HasSubstr("work"));
}

TEST_F(BadInput, ReaderOfTheTableThatGoesAway) {
  // The pipe breaks as soon as more is printed than the standard library holds back.
  const std::string script = write_script(
      "unread.sh", "#!/bin/bash\nset -o pipefail\n(sleep 0.1; '" DEFT_TEST_PROGRAM "' \"$@\") | exec true\n");
  auto unread = command({"run", DEFT_TEST_PRINTING, "--no-profile", "--rounds", "2", "--min-time", "0.001",
                         "--note", std::string(100'000, 'n'), "-o", result_path()});
  unread.argv[0] = script;
  const auto status = support::run(unread, std::chrono::seconds(60));
  ASSERT_TRUE(status);
  EXPECT_NE(status->code, 0);
  EXPECT_GT(benchmark("work").base_ns, 0);
}

TEST_F(BadInput, FullDiskUnderTheStandardOutput) {
  make_result();
  auto full = command({"gate", result_path()});
  full.stdout_path = "/dev/full";
  const auto status = support::run(full, std::chrono::seconds(20));
  ASSERT_TRUE(status);
  EXPECT_EQ(status->code, 5);
}

}  // namespace
}  // namespace deft::cli
