#include "diff/match_functions.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/diff/profiles.hpp"

using namespace deft;
using diff::function_match;
using tests::explained;
using tests::function;
using tests::noted;
using tests::profiles;

TEST(MatchFunctions, TakesFunctionsOfOneNameForOneWhereverTheyStand) {
  profiles p;
  p.base("main;f@a.cpp:10", 500).head("main;f@a.cpp:99@inline", 500);
  const auto e = explained(p);
  ASSERT_EQ(e.functions.size(), 2U);
  EXPECT_EQ(function(e, "f").match, function_match::same);
  EXPECT_EQ(function(e, "f").frame.line, 99U) << "head's";
  EXPECT_TRUE(e.notes.empty());
}

TEST(MatchFunctions, KeepsFunctionsOfDifferentModulesApart) {
  profiles p;
  p.both("main;f", 500, 500).both("main;f@libm.so", 300, 300);
  EXPECT_EQ(explained(p).functions.size(), 3U);
}

TEST(MatchFunctions, FindsAFunctionInAnotherVersionOfItsLibrary) {
  profiles p;
  p.base("main;f@libx.so.1", 500).head("main;f@libx.so.2", 500);
  EXPECT_EQ(function(explained(p), "f").match, function_match::same);
}

TEST(MatchFunctions, SeesThroughTemplateArguments) {
  profiles p;
  p.base("main;void sort<int>(int*)", 500).head("main;void sort<long>(long*)", 500);
  const auto e = explained(p);
  const auto& f = function(e, "void sort<long>(long*)");
  EXPECT_EQ(f.match, function_match::template_arguments);
  EXPECT_EQ(f.base_name, "void sort<int>(int*)");
  EXPECT_TRUE(noted(e, "void sort<int>(int*)"));
}

TEST(MatchFunctions, SeesThroughSuffixesOfCopies) {
  profiles p;
  p.base("main;f.constprop.0", 500).head("main;f", 500);
  const auto e = explained(p);
  ASSERT_EQ(e.functions.size(), 2U);
  EXPECT_EQ(function(e, "f").match, function_match::template_arguments);
  EXPECT_EQ(function(e, "f").base_name, "f.constprop.0");
  EXPECT_TRUE(tests::coloured(e).empty());
}

TEST(MatchFunctions, CountsCopiesToTheirFunction) {
  profiles p;
  p.base("main;f", 400).base("main;f;f.part.0", 100).head("main;f", 500);
  const auto e = explained(p);
  EXPECT_EQ(e.functions.size(), 2U);
  EXPECT_EQ(function(e, "f").match, function_match::same);
  EXPECT_NEAR(function(e, "f").self.base_ns, 500, 1e-9);
}

TEST(MatchFunctions, SeesThroughAbiTags) {
  profiles p;
  p.base("main;name[abi:cxx11]()", 500).head("main;name()", 500);
  EXPECT_EQ(function(explained(p), "name()").match, function_match::template_arguments);
}

TEST(MatchFunctions, KnowsAnInlinedFunctionWhoseScopeIsNotTold) {
  profiles p;
  p.base("main;inner::mix(unsigned long)", 500).head("main;mix@inline", 500);
  const auto e = explained(p);
  EXPECT_EQ(function(e, "mix").base_name, "inner::mix(unsigned long)");
  EXPECT_EQ(function(e, "mix").match, function_match::template_arguments);
  EXPECT_TRUE(tests::coloured(e).empty());
}

TEST(MatchFunctions, KeepsFunctionsOfDifferentScopesApart) {
  profiles p;
  p.both("main", 10, 10).base("main;a::f()@a.cpp:1", 300).head("main;b::f()@b.cpp:1", 300);
  EXPECT_EQ(function(explained(p), "a::f()").match, function_match::only_base);
}

TEST(MatchFunctions, NeverMixesOverloadsThatBothSidesHave) {
  profiles p;
  p.both("main;f(int)", 500, 500).both("main;f(long)", 300, 300);
  const auto e = explained(p);
  EXPECT_EQ(e.functions.size(), 3U);
  EXPECT_EQ(function(e, "f(int)").match, function_match::same);
  EXPECT_EQ(function(e, "f(long)").match, function_match::same);
}

TEST(MatchFunctions, FindsTheOneOverloadThatChanged) {
  profiles p;
  p.both("main;f(int)", 500, 500).base("main;f(long)", 300).head("main;f(unsigned)", 300);
  EXPECT_EQ(function(explained(p), "f(unsigned)").base_name, "f(long)");
}

TEST(MatchFunctions, DoesNotChooseBetweenOverloads) {
  profiles p;
  p.base("main;f(int)", 500).base("main;f(long)", 490).head("main;f(char)", 500).head("main;f(short)", 490);
  const auto e = explained(p);
  EXPECT_EQ(e.functions.size(), 5U);
  EXPECT_EQ(function(e, "f(int)").match, function_match::only_base);
  EXPECT_EQ(function(e, "f(char)").match, function_match::only_head);
}

TEST(MatchFunctions, FindsARenamedFunctionByItsPlace) {
  profiles p;
  p.base("main;old_name@a.cpp:10;g", 300).base("main;old_name@a.cpp:10", 200);
  p.head("main;new_name@a.cpp:14;g", 300).head("main;new_name@a.cpp:14", 200);
  const auto e = explained(p);
  const auto& f = function(e, "new_name");
  EXPECT_EQ(f.match, function_match::renamed);
  EXPECT_EQ(f.base_name, "old_name");
  EXPECT_TRUE(noted(e, "renamed"));
  EXPECT_TRUE(tests::coloured(e).empty());
}

TEST(MatchFunctions, TakesTheNearestOfSeveralInAFile) {
  profiles p;
  p.base("main;a@a.cpp:10", 300).base("main;b@a.cpp:100", 300);
  p.head("main;x@a.cpp:12", 300).head("main;y@a.cpp:102", 300);
  const auto e = explained(p);
  EXPECT_EQ(function(e, "x").base_name, "a");
  EXPECT_EQ(function(e, "y").base_name, "b");
}

TEST(MatchFunctions, FindsARenamedFunctionByCallersAndCallees) {
  profiles p;
  p.both("main", 10, 10).both("main;g", 100, 100).both("main;h", 100, 100);
  p.base("main;old_name;g", 300).base("main;old_name;h", 200);
  p.head("main;new_name;g", 300).head("main;new_name;h", 200);
  EXPECT_EQ(function(explained(p), "new_name").base_name, "old_name");
}

TEST(MatchFunctions, TakesNoFunctionFarAwayInTheFileForAnotherThatDoesSomethingElse) {
  profiles p;  // as a destructor was taken for an insertion, 300 lines further down
  p.both("main", 10, 10).both("main;g", 100, 100).both("main;h", 100, 100);
  p.base("main;insert@tree.hpp:400;g", 300).head("main;destroy@tree.hpp:100;h", 300);
  EXPECT_EQ(function(explained(p), "insert").match, function_match::only_base);
  EXPECT_EQ(function(explained(p), "destroy").match, function_match::only_head);

  profiles moved;  // but one that does the same may have moved anywhere
  moved.both("main", 10, 10).both("main;g", 100, 100);
  moved.base("main;insert@tree.hpp:400;g", 300).head("main;put@tree.hpp:100;g", 300);
  EXPECT_EQ(function(explained(moved), "put").base_name, "insert");
}

TEST(MatchFunctions, FindsChainsOfRenamedFunctions) {
  profiles p;
  p.both("main", 10, 10);
  p.base("main;a@x.cpp:1;b@y.cpp:1;c@z.cpp:1", 500).head("main;d@x.cpp:1;e@y.cpp:1;f@z.cpp:1", 500);
  const auto e = explained(p);
  EXPECT_EQ(function(e, "d").base_name, "a");
  EXPECT_EQ(function(e, "e").base_name, "b");
  EXPECT_EQ(function(e, "f").base_name, "c");
}

TEST(MatchFunctions, NeverRenamesWhatBothSidesHave) {
  profiles p;
  p.both("main;f@a.cpp:10", 300, 300).base("main;g@a.cpp:20", 300).both("main;h@a.cpp:21", 10, 300);
  const auto e = explained(p);
  EXPECT_EQ(function(e, "g").match, function_match::only_base);
  EXPECT_EQ(function(e, "h").match, function_match::same);
}

TEST(MatchFunctions, DoesNotGuessWithoutEvidence) {
  profiles p;
  p.both("main;run", 300, 300).base("main;f@a.cpp:1", 300).head("main;run;g@b.cpp:1", 300);
  const auto e = explained(p);
  EXPECT_EQ(function(e, "f").match, function_match::only_base);
  EXPECT_EQ(function(e, "g").match, function_match::only_head);
  EXPECT_TRUE(noted(e, "f is in base only"));
}

TEST(MatchFunctions, CountsUnnamedCodeOfAModuleAsOneFunction) {
  profiles p;
  p.base("main;[lib.so+0x10]@lib.so", 300).base("main;[lib.so+0x18]@lib.so", 300);
  p.head("main;[lib.so+0x20]@lib.so", 600);
  const auto e = explained(p);
  EXPECT_EQ(e.functions.size(), 2U);
  EXPECT_EQ(function(e, "[lib.so]").match, function_match::same);
  EXPECT_TRUE(tests::coloured(e).empty());
}

TEST(MatchFunctions, LeavesOutFramesWithoutSamples) {
  profiles p;
  p.both("main;f", 300, 300).both("main;g", 0, 0);
  EXPECT_EQ(explained(p).functions.size(), 2U);
}
