#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/formats.hpp"
#include "tests/formats/sample_profiles.hpp"

namespace deft::formats {
namespace {

using testing::HasSubstr;
using testing::Not;

store::profile_file of_one_stack(const std::vector<std::uint32_t>& frames) {
  store::profile_file file = tests::counts_only();
  file.profile.stacks = {{frames, 7, 0, 0}};
  return file;
}

TEST(Callgrind, NamesEachFunctionOnce) {
  EXPECT_EQ(to_callgrind(of_one_stack({0, 1})), R"(# callgrind format
version: 1
creator: deft 0.1.0
cmd: ./program --its 'options'
positions: line
events: Samples
summary: 7

ob=(1) ???
fl=(1) ???
fn=(1) a
cob=(1)
cfi=(1)
cfn=(2) b
calls=7 0
0 7

ob=(1)
fl=(1)
fn=(2)
0 7
)");
}

TEST(Callgrind, CountsASampleOnceForAFunctionThatCallsItself) {
  const std::string text = to_callgrind(of_one_stack({0, 0, 0}));
  EXPECT_THAT(text, HasSubstr("summary: 7\n"));
  EXPECT_THAT(text, HasSubstr("fn=(1) a\n0 7\n"));
  EXPECT_THAT(text, Not(HasSubstr("calls=")));
}

TEST(Callgrind, PassesCostOnToTheOutermostCallOnly) {
  // b a b: what a passes back to b is b's already, and b spends its own and a's.
  const std::string text = to_callgrind(of_one_stack({1, 0, 1}));
  EXPECT_THAT(text, Not(HasSubstr("a\ncob")));
  EXPECT_THAT(text, HasSubstr("fn=(1) b\n0 7\ncob=(1)\ncfi=(1)\ncfn=(2) a\ncalls=7 0\n0 7\n"));
  EXPECT_THAT(text, HasSubstr("fn=(3) (root)\ncob=(1)\ncfi=(1)\ncfn=(1)\ncalls=7 0\n0 7\n"));
}

TEST(Callgrind, KeepsNamesOnOneLine) {
  store::profile_file file = of_one_stack({0});
  file.profile.frames[0].function = "a\nfn=(9) b\r\t";
  file.command = "x\ny";
  file.deft_version = "0\n1";  // an imported file may say anything
  const std::string text = to_callgrind(file);
  EXPECT_THAT(text, HasSubstr("fn=(1) a fn=(9) b  \n"));
  EXPECT_THAT(text, HasSubstr("cmd: x y\n"));
  EXPECT_THAT(text, HasSubstr("creator: deft 0 1\n"));
}

TEST(Callgrind, TellsBytesAndObjects) {
  const std::string text = to_callgrind(tests::allocation_profile());
  EXPECT_THAT(text, HasSubstr("events: Bytes Objects\n"));
  EXPECT_THAT(text, HasSubstr("summary: 1004220 74\n"));
}

TEST(Callgrind, OfNothingIsAFileWithoutFunctions) {
  EXPECT_THAT(to_callgrind(tests::empty_profile()), HasSubstr("summary: 0\n"));
}

}  // namespace
}  // namespace deft::formats
