#include "report/short_name.hpp"

#include <string>

#include <gtest/gtest.h>

namespace deft::report {
namespace {

TEST(ReportShortName, LeavesOutTemplateArgumentsAndParameters) {
  EXPECT_EQ(short_name("main"), "main");
  EXPECT_EQ(short_name("index::sort(int*, void (*)(int))"), "index::sort");
  EXPECT_EQ(short_name("std::map<int, std::vector<int> >::find(int const&) const"), "std::map::find");
}

TEST(ReportShortName, LeavesOutTheReturnTypeOfATemplate) {
  EXPECT_EQ(short_name("void index::sort<int>(int*, int*)"), "index::sort");
  EXPECT_EQ(short_name("unsigned long const& std::max<unsigned long>(unsigned long const&)"), "std::max");
  EXPECT_EQ(short_name("bool std::operator==<char>(std::string const&)"), "std::operator==");
}

TEST(ReportShortName, BehindADecltypeReturnTypeIsTheName) {
  EXPECT_EQ(short_name("decltype (auto) index::visit<int&>(int&)"), "index::visit");
  EXPECT_EQ(short_name("decltype (({parm#1}.end)(((forward<int>)({parm#2})))) fmt::f<int>(int)"), "fmt::f");
  EXPECT_EQ(short_name("decltype ((a)+(b)) add<long, long>(long, long)"), "add");
  EXPECT_EQ(short_name("decltype (unclosed"), "decltype");
}

TEST(ReportShortName, KeepsOperators) {
  EXPECT_EQ(short_name("std::less<void>::operator()(int, int) const"), "std::less::operator()");
  EXPECT_EQ(short_name("bool std::operator< <char>(std::string const&)"), "std::operator<");
  EXPECT_EQ(short_name("std::ostream& std::operator<< <char>(std::ostream&, char)"), "std::operator<<");
  EXPECT_EQ(short_name("box<int>::operator->()"), "box::operator->");
  EXPECT_EQ(short_name("box<int>::operator bool() const"), "box::operator bool");
  EXPECT_EQ(short_name("operator new(unsigned long)"), "operator new");
  EXPECT_EQ(short_name("operators::run<int>()"), "operators::run");
}

TEST(ReportShortName, KeepsTheNameOfALambdaAndOfItsFunction) {
  EXPECT_EQ(short_name("words::work(int)::{lambda(int)#1}::operator()(int) const"),
            "words::work::{lambda#1}::operator()");
  EXPECT_EQ(short_name("box<int>::get(int) const::local::run()"), "box::get::local::run");
}

TEST(ReportShortName, ShortensAnonymousNamespacesAndAbiTags) {
  EXPECT_EQ(short_name("(anonymous namespace)::run(int)"), "(anon)::run");
  EXPECT_EQ(short_name("index::(anonymous namespace)::run(int)"), "index::(anon)::run");
  EXPECT_EQ(short_name("make[abi:cxx11](int)"), "make");
}

TEST(ReportShortName, LeavesOtherNamesAlone) {
  for (const char* name : {"[libz.so.1+0x12f0]", "[no stack]", "[frames left out]", "read documents",
                           "GC Thread#0", "<module>", "<alloc::vec::Vec<T> as core::clone::Clone>::clone",
                           "main.(*tree).insert", "java.lang.String.<init>", "(root)", "", "größe::日本語"}) {
    EXPECT_EQ(short_name(name), name);
  }
}

TEST(ReportShortName, SurvivesBracketsThatDoNotMatch) {
  for (const char* name : {"f(", "f(((", "f<", "f<<(", "f>", "f)", "f(int)::", "{", "f}", "operator",
                           "f[abi:", "decltype (", "decltype ()"}) {
    EXPECT_FALSE(short_name(name).empty()) << name;
  }
  EXPECT_LE(short_name(std::string(1'000'000, '(')).size(), 1'000'000U);
}

}  // namespace
}  // namespace deft::report
