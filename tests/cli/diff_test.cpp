// deft diff: two profiles side by side, or several a side, which are tested.

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/profile_file.hpp"
#include "tests/cli/run_deft.hpp"

namespace deft::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

class Diff : public deft_program {
 protected:
  /// A profile in which `f` has so many of 1000 samples a second, besides 1000 of `g`.
  std::string profile(const std::string& name, std::uint64_t samples_of_f,
                      symbols::profile_kind kind = symbols::profile_kind::cpu) const {
    store::profile_file file;
    file.profile.kind = kind;
    file.profile.frequency_hz = 1000;
    file.profile.samples = 1000 + samples_of_f;
    file.profile.frames = {
        {"main", "p", "p.cpp", 1, false}, {"f()", "p", "p.cpp", 5, false}, {"g()", "p", "p.cpp", 9, false}};
    file.profile.stacks = {{{0, 1}, samples_of_f}, {{0, 2}, 1000}};
    write(name, store::to_json(file));
    return in_folder(name).string();
  }
};

TEST_F(Diff, ShowsTheDifferenceOfTwoProfilesAndThatItWasNotTested) {
  const outcome o = deft({"diff", profile("a.json", 500), profile("b.json", 1500)});
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_THAT(o.out, HasSubstr("1 profile a side"));
  EXPECT_THAT(o.out, HasSubstr("f()"));
  EXPECT_THAT(o.out, HasSubstr("+1.00 s"));
  EXPECT_THAT(o.out, Not(HasSubstr("  * ")));
}

TEST_F(Diff, TestsSeveralProfilesASide) {
  std::vector<std::string> arguments{"diff", "-o", in_folder("d.json").string()};
  for (std::uint64_t i = 0; i < 8; ++i)
    arguments.push_back(profile("a" + std::to_string(i) + ".json", 500 + i % 3));
  arguments.emplace_back("--");
  for (std::uint64_t i = 0; i < 8; ++i)
    arguments.push_back(profile("b" + std::to_string(i) + ".json", 1500 + i % 4));
  const outcome o = deft(arguments);
  EXPECT_EQ(o.code, 0) << o.err;
  const std::string json = read("d.json");
  EXPECT_THAT(json, testing::StartsWith(R"({"schema":"deft-explanation","version":1,)"));
  EXPECT_THAT(json, HasSubstr(R"("rounds":8)"));
  EXPECT_THAT(json, HasSubstr(R"("significant":true)"));
  EXPECT_THAT(json, Not(HasSubstr(R"("slower":[])")));
}

TEST_F(Diff, WritesAPage) {
  const outcome o =
      deft({"diff", profile("a.json", 500), profile("b.json", 1500), "-o", in_folder("d.html").string()});
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_THAT(read("d.html"), HasSubstr("<html"));
}

TEST_F(Diff, RefusesWhatCannotBeCompared) {
  const auto refusal = [this](std::vector<std::string> arguments, int code,
                              const std::vector<std::string>& words) {
    arguments.insert(arguments.begin(), "diff");
    const outcome o = deft(std::move(arguments));
    EXPECT_EQ(o.code, code) << o.out;
    EXPECT_TRUE(is_one_line_with(o.err, words));
  };
  const std::string a = profile("a.json", 1);
  refusal({a}, 2, {"two profiles are needed"});
  refusal({a, a, a}, 2, {"two profiles are needed"});
  refusal({a, a, "--", a}, 2, {"as many profiles of head as of base", "2 and 1"});
  refusal({a, a, "-o", "x.svg"}, 2, {"x.svg", ".html or .json"});
  refusal({a, in_folder("none").string()}, 5, {"none"});
  refusal({a, profile("heap.json", 1, symbols::profile_kind::allocation)}, 2, {"heap.json", "allocations"});
  write("stacks.collapsed", "main;f 10\nmain;g 20\n");
  refusal({a, in_folder("stacks.collapsed").string()}, 5, {"stacks.collapsed", "what time its samples"});
}

}  // namespace
}  // namespace deft::cli
