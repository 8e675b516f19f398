// What `deft publish` writes where, and with what it ends. What is in it: tests/report and publish_test.py.

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/run_deft.hpp"

namespace deft::cli {
namespace {

using stats::verdict;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class Publish : public deft_program {
 protected:
  /// Writes result.json with a benchmark of each verdict.
  void make_result(const std::vector<verdict>& verdicts, bool interrupted = false) const {
    store::result_file file;
    file.interrupted = interrupted;
    for (const verdict v : verdicts) {
      store::benchmark b;
      b.name = "b" + std::to_string(file.benchmarks.size());
      b.decision.emplace().verdict = v;
      b.decision->reason = "because";
      file.benchmarks.push_back(std::move(b));
    }
    write("result.json", store::to_json(file));
  }

  outcome publish(std::vector<std::string> options, const std::string& summary = "") const {
    options.insert(options.begin(), {"publish", result_path()});
    auto wish = command(std::move(options));
    wish.environment.emplace_back("GITHUB_STEP_SUMMARY", summary);
    const auto status = support::run(wish, std::chrono::seconds(60));
    EXPECT_TRUE(status);
    return {status ? status->code : -1, read("stdout"), read("stderr")};
  }

  std::string path(const std::string& name) const { return in_folder(name).string(); }
};

TEST_F(Publish, WritesEverythingAtOnce) {
  make_result({verdict::equivalent, verdict::regressed});
  write("summary", "earlier");
  const outcome o = publish(
      {"--markdown", path("new/comment.md"), "--junit", path("deft.xml"), "--annotations", "--step-summary"},
      path("summary"));
  EXPECT_EQ(o.code, 0) << "only --gate judges: " << o.err;
  EXPECT_EQ(o.err, "");
  EXPECT_THAT(o.out, StartsWith("::error title=regressed%3A b1::because"));
  EXPECT_THAT(read("new/comment.md"), StartsWith("**1 of 2 benchmarks regressed"));
  EXPECT_THAT(read("deft.xml"), StartsWith("<?xml"));
  EXPECT_EQ(read("summary"), "earlier\n\n" + read("new/comment.md"));
}

TEST_F(Publish, WritesToTheStandardOutputAndNothingElseThere) {
  make_result({verdict::regressed});
  EXPECT_THAT(publish({"--markdown", "-", "--gate"}).out, StartsWith("**"));
  const outcome o = publish({"--junit", "-", "--gate"});
  EXPECT_THAT(o.out, StartsWith("<?xml"));
  EXPECT_TRUE(o.out.ends_with("</testsuites>\n"));
  EXPECT_TRUE(is_one_line_with(o.err, {"gate: regressed: b0"}));
}

TEST_F(Publish, JudgesAsGateDoesWhereAsked) {
  make_result({verdict::missing, verdict::inconclusive});
  EXPECT_EQ(publish({"--markdown", "-"}).code, 0);
  EXPECT_EQ(publish({"--markdown", "-", "--gate"}).code, 1);
  EXPECT_EQ(publish({"--markdown", "-", "--gate", "--allow-missing"}).code, 0);
  EXPECT_EQ(publish({"--markdown", "-", "--gate", "--allow-missing", "--strict"}).code, 3);
  make_result({verdict::failed});
  EXPECT_EQ(publish({"--annotations", "--gate"}).code, 4);
  make_result({}, true);
  EXPECT_EQ(publish({"--annotations", "--gate"}).code, 3);
}

TEST_F(Publish, NeedsToKnowWhatToWrite) {
  make_result({verdict::equivalent});
  for (const std::vector<std::string>& options :
       std::vector<std::vector<std::string>>{{},
                                             {"--gate"},
                                             {"--markdown", "-", "--junit", "-"},
                                             {"--markdown", "-", "--annotations"},
                                             {"--markdown", path("x"), "--junit", path("x")},
                                             {"--markdown", ""}}) {
    const outcome o = publish(options);
    EXPECT_EQ(o.code, 2) << testing::PrintToString(options);
    EXPECT_TRUE(is_one_line_with(o.err, {"deft publish: ", "--help"}));
    EXPECT_THAT(o.out, IsEmpty());
  }
}

TEST_F(Publish, DoesNotOverwriteWhatItReads) {
  make_result({verdict::equivalent});
  const std::string before = read("result.json");
  const outcome o = publish({"--junit", path("./result.json")});
  EXPECT_EQ(o.code, 2);
  EXPECT_TRUE(is_one_line_with(o.err, {"result.json is the result file itself"}));
  EXPECT_EQ(read("result.json"), before);
}

TEST_F(Publish, NamesAnInputThatItCannotUse) {
  const outcome absent = publish({"--markdown", path("c.md")});
  EXPECT_EQ(absent.code, 5);
  EXPECT_TRUE(is_one_line_with(absent.err, {result_path(), "No such file"}));

  make_result({verdict::equivalent});
  const std::string whole = read("result.json");
  store::result_file single;
  single.kind = store::run_kind::single;
  for (const auto& [text, complaint] : std::vector<std::pair<std::string, std::string>>{
           {whole.substr(0, whole.size() / 2), "cut off"},
           {"Dear reader,\n", "not valid JSON"},
           {"{}", "not a deft result file"},
           {store::to_json(single), "a result of deft run"},
           {store::to_json(store::result_file{}), "has no benchmarks"}}) {
    write("result.json", text);
    const outcome o = publish({"--markdown", path("c.md"), "--junit", path("j.xml")});
    EXPECT_EQ(o.code, 5) << complaint;
    EXPECT_TRUE(is_one_line_with(o.err, {result_path(), complaint}));
    EXPECT_FALSE(std::filesystem::exists(in_folder("c.md"))) << complaint;
    EXPECT_FALSE(std::filesystem::exists(in_folder("j.xml"))) << complaint;
  }
}

TEST_F(Publish, SaysThatThereIsNoStepSummaryBeforeItWritesAnything) {
  make_result({verdict::equivalent});
  const outcome o = publish({"--markdown", path("c.md"), "--step-summary"});
  EXPECT_EQ(o.code, 2);
  EXPECT_TRUE(is_one_line_with(o.err, {"GITHUB_STEP_SUMMARY"}));
  EXPECT_FALSE(std::filesystem::exists(in_folder("c.md")));
}

TEST_F(Publish, DoesNotMakeTheStepSummaryTooLong) {
  make_result({verdict::equivalent});
  const std::string full(1'000'000, 'x');
  write("summary", full);
  const outcome o = publish({"--step-summary"}, path("summary"));
  EXPECT_EQ(o.code, 5);
  EXPECT_TRUE(is_one_line_with(o.err, {path("summary"), "1000000", "1048576"}));
  EXPECT_EQ(read("summary"), full);

  make_result(std::vector<verdict>(20'000, verdict::regressed));
  write("summary", std::string(500'000, 'x'));
  EXPECT_EQ(publish({"--step-summary"}, path("summary")).code, 0);
  EXPECT_LE(read("summary").size(), 1'048'576U);
  EXPECT_GT(read("summary").size(), 1'000'000U);
}

TEST_F(Publish, EndsWithFiveWhereItCannotWrite) {
  make_result({verdict::regressed});
  write("file", "");
  for (const std::string option : {"--markdown", "--junit"}) {
    const outcome o = publish({option, path("file/x")});
    EXPECT_EQ(o.code, 5);
    EXPECT_TRUE(is_one_line_with(o.err, {"cannot write", path("file/x")}));
    const outcome full = publish({option, "/dev/full", "--gate"});
    EXPECT_EQ(full.code, 5) << "what is not there cannot pass for a verdict";
    EXPECT_TRUE(is_one_line_with(full.err, {"/dev/full", "No space left"}));
  }
  EXPECT_EQ(publish({"--step-summary"}, "/dev/full").code, 5);
  EXPECT_EQ(publish({"--step-summary"}, path("file/x")).code, 5);
}

TEST_F(Publish, LeavesTheOldFileWhereTheNewOneDoesNotFit) {
  make_result(std::vector<verdict>(2000, verdict::regressed));
  write("c.md", "old");
  const std::string script = write_script(
      "limited.sh", "#!/bin/bash\nulimit -f 8\ntrap '' XFSZ\nexec '" DEFT_TEST_PROGRAM "' \"$@\"\n");
  auto limited = command({"publish", result_path(), "--markdown", path("c.md")});
  limited.argv[0] = script;
  const auto status = support::run(limited, std::chrono::seconds(60));
  ASSERT_TRUE(status);
  EXPECT_EQ(status->code, 5);
  EXPECT_TRUE(is_one_line_with(read("stderr"), {"cannot write", "c.md", "File too large"}));
  EXPECT_EQ(read("c.md"), "old");
}

}  // namespace
}  // namespace deft::cli
