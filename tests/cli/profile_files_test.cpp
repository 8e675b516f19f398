// deft export and deft import: what goes in, what comes out, and one clear line for everything that users get
// wrong.

#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "formats/formats.hpp"
#include "tests/cli/run_deft.hpp"
#include "tests/formats/sample_profiles.hpp"

namespace deft::cli {
namespace {

using testing::HasSubstr;

class ProfileFiles : public deft_program {
 protected:
  ProfileFiles() { write("profile.json", store::to_json(tests::cpu_profile())); }

  /// Expects that deft ends with the code, having said one line with these words and nothing else.
  void expect_refusal(std::vector<std::string> arguments, int code,
                      const std::vector<std::string>& words) const {
    const outcome o = deft(std::move(arguments));
    EXPECT_EQ(o.code, code);
    EXPECT_TRUE(is_one_line_with(o.err, words));
    EXPECT_EQ(o.out, "");
  }

  store::profile_file profile(const std::string& name) const {
    auto file = store::profile_from_json(read(name), name);
    EXPECT_TRUE(file) << file.error().message;
    return file ? *std::move(file) : store::profile_file{};
  }

  /// A result file of a comparison with a profile of the benchmark "sort", and one without of "find".
  void write_result() const {
    store::result_file file;
    file.head.program = "build/head";
    file.base.program = "build/base";
    store::benchmark sort;
    sort.name = "sort";
    sort.profile = tests::cpu_profile().profile;
    sort.base_profile = tests::later_cpu_profile().profile;
    store::benchmark find;
    find.name = "find";
    file.benchmarks = {find, sort};
    write("result.json", store::to_json(file));
  }
};

TEST_F(ProfileFiles, AreWrittenInTheFormatThatTheNameTells) {
  const outcome o = deft({"export", "profile.json", "-o", "x.collapsed", "-o", "x.pb.gz", "-o",
                          "x.speedscope.json", "-o", "callgrind.out.1", "-o", "x.html", "-o", "x.json"});
  EXPECT_EQ(o.code, 0) << o.err;
  const store::profile_file file = tests::cpu_profile();
  EXPECT_EQ(read("x.collapsed"), formats::to_collapsed(file.profile));
  EXPECT_EQ(read("x.pb.gz"), formats::to_pprof(file));
  EXPECT_EQ(read("x.speedscope.json"), formats::to_speedscope(file));
  EXPECT_EQ(read("callgrind.out.1"), formats::to_callgrind(file));
  EXPECT_EQ(read("x.json"), store::to_json(file));
  EXPECT_THAT(read("x.html"), HasSubstr("<html"));
}

TEST_F(ProfileFiles, AreWrittenInAnotherFormatOnDemand) {
  EXPECT_EQ(deft({"export", "profile.json", "-o", "stacks", "--format", "collapsed"}).code, 0);
  EXPECT_EQ(read("stacks"), formats::to_collapsed(tests::cpu_profile().profile));
  const outcome o = deft({"export", "profile.json", "--format", "collapsed", "-o", "/dev/stdout"});
  EXPECT_EQ(o.out, read("stacks"));
}

TEST_F(ProfileFiles, OfOtherToolsAreRead) {
  ASSERT_EQ(deft({"export", "profile.json", "-o", "x.pb.gz", "-o", "x.folded"}).code, 0);
  ASSERT_EQ(deft({"import", "x.pb.gz", "-o", "from_pprof.json"}).code, 0);
  ASSERT_EQ(deft({"import", "x.folded", "-o", "from_stacks.json"}).code, 0);
  EXPECT_EQ(formats::to_pprof(profile("from_pprof.json")), read("x.pb.gz"));
  EXPECT_EQ(formats::to_collapsed(profile("from_stacks.json").profile), read("x.folded"));
  EXPECT_EQ(profile("from_stacks.json").command, "x.folded");
}

#ifdef DEFT_TEST_REGIONS
TEST_F(ProfileFiles, OfProgramsThatSampleThemselvesAreRead) {
  support::spawn_options options = command({});
  options.argv = {DEFT_TEST_REGIONS, "region", in_folder("region.samples").string()};
  const auto status = support::run(options, std::chrono::seconds(60));
  ASSERT_TRUE(status && status->ok());
  const outcome o = deft({"import", "region.samples", "-o", "region.json", "-o", "region.collapsed"});
  ASSERT_EQ(o.code, 0) << o.err;
  EXPECT_EQ(profile("region.json").command, "region.samples");
#ifndef __SANITIZE_THREAD__
  // ThreadSanitizer puts handlers off until its next interceptor: by then the stack that was interrupted is
  // another.
  EXPECT_THAT(read("region.collapsed"), HasSubstr(";main;"));
#endif

  const std::string whole = read("region.samples");
  write("half.samples", whole.substr(0, whole.size() / 2 + 1));
  const outcome half = deft({"import", "half.samples", "-o", "half.json"});
  EXPECT_TRUE(half.code == 0 || half.code == 5);
  if (half.code == 5) {
    EXPECT_TRUE(is_one_line_with(half.err, {"half.samples"}));
  }
}
#endif

TEST_F(ProfileFiles, AreAddedUp) {
  ASSERT_EQ(deft({"import", "profile.json", "profile.json", "-o", "both.json"}).code, 0);
  EXPECT_EQ(profile("both.json").profile.samples, 2 * tests::cpu_profile().profile.samples);
}

TEST_F(ProfileFiles, AreTakenOutOfResultFiles) {
  write_result();
  ASSERT_EQ(deft({"export", "result.json", "--benchmark", "sort", "-o", "head.json"}).code, 0);
  ASSERT_EQ(deft({"export", "result.json", "--benchmark", "sort", "--base", "-o", "base.json"}).code, 0);
  EXPECT_EQ(profile("head.json").command, "sort of build/head");
  EXPECT_EQ(profile("head.json").profile.samples, tests::cpu_profile().profile.samples);
  EXPECT_EQ(profile("base.json").command, "sort of build/base");
  EXPECT_EQ(profile("base.json").profile.samples, tests::later_cpu_profile().profile.samples);
}

TEST_F(ProfileFiles, OfAResultFileHaveToBeNamed) {
  write_result();
  expect_refusal({"export", "result.json", "-o", "x.html"}, 2, {"result.json", "--benchmark", "sort"});
  expect_refusal({"export", "result.json", "--benchmark", "sor", "-o", "x.html"}, 2,
                 {"result.json", "'sor'", "profiles of sort"});
  expect_refusal({"export", "result.json", "--benchmark", "find", "-o", "x.html"}, 2,
                 {"find has no profile", "sort"});
  expect_refusal({"export", "profile.json", "--benchmark", "sort", "-o", "x.html"}, 2,
                 {"profile.json", "--benchmark"});
  expect_refusal({"export", "result.json", "--base", "-o", "x.html"}, 2, {"--base needs --benchmark"});
}

TEST_F(ProfileFiles, ThatCannotBeReadAreNamed) {
  expect_refusal({"export", "absent.json", "-o", "x.html"}, 5, {"absent.json", "No such file"});
  expect_refusal({"import", "absent.pb.gz", "-o", "x.html"}, 5, {"absent.pb.gz", "No such file"});
  write("empty", "");
  expect_refusal({"import", "empty", "-o", "x.html"}, 5, {"empty: the file is empty"});
  write("text", "Dear reader,\n");
  expect_refusal({"import", "text", "-o", "x.html"}, 5,
                 {"text: line 1: expected \"caller;function NUMBER\""});
  const std::string whole = read("profile.json");
  write("half.json", whole.substr(0, whole.size() / 2));
  expect_refusal({"export", "half.json", "-o", "x.html"}, 5, {"half.json: the file is cut off"});
  const std::string packed = formats::to_pprof(tests::cpu_profile());
  write("half.pb.gz", packed.substr(0, packed.size() / 2));
  expect_refusal({"import", "half.pb.gz", "-o", "x.html"}, 5, {"half.pb.gz: the compressed data is cut off"});
  std::string newer = whole;
  newer.replace(newer.find("\"version\":1"), 11, "\"version\":99");
  write("newer.json", newer);
  expect_refusal({"export", "newer.json", "-o", "x.html"}, 5, {"newer.json: written by a newer deft", "99"});
  write("other.json", "{\"some\": \"json\"}");
  expect_refusal({"export", "other.json", "-o", "x.html"}, 5, {"other.json: not a deft profile file"});
  write("stripped",
        "\x7f"
        "ELF\x02\x01\x01");
  expect_refusal({"import", "stripped", "-o", "x.html"}, 5, {"stripped: byte "});
  expect_refusal({"import", "profile.json", "absent.json", "-o", "x.html"}, 5, {"absent.json"});
  EXPECT_EQ(read("x.html"), "");
}

TEST_F(ProfileFiles, OfDifferentKindsAreNotAddedUp) {
  write("heap.json", store::to_json(tests::allocation_profile()));
  expect_refusal({"import", "profile.json", "heap.json", "-o", "x.html"}, 5, {"another kind of profile"});
}

TEST_F(ProfileFiles, NeedAFormatThatExists) {
  expect_refusal({"export", "profile.json", "-o", "x.svg"}, 2, {"x.svg", "--format", "speedscope"});
  expect_refusal({"export", "profile.json", "-o", "x.html", "--format", "svg"}, 2,
                 {"no format 'svg'", "speedscope"});
  expect_refusal({"export", "profile.json"}, 2, {"--output"});
  expect_refusal({"import", "profile.json", "-o", ""}, 2, {"needs a name"});
}

TEST_F(ProfileFiles, ThatCannotBeWrittenAreNamed) {
  write("file", "");
  expect_refusal({"export", "profile.json", "-o", in_folder("file/x.html").string()}, 5,
                 {"cannot write", "file/x.html"});
  expect_refusal({"import", "profile.json", "-o", "/dev/full", "--format", "deft"}, 5,
                 {"/dev/full", "No space left"});
}

}  // namespace
}  // namespace deft::cli
