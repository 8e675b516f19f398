#include "symbols/demangle.hpp"

#include <string>

#include <gtest/gtest.h>

namespace deft::symbols {
namespace {

TEST(Demangle, GivesTheNameThatWasWritten) {
  EXPECT_EQ(demangle("_ZN9benchmark5State16StartKeepRunningEv"), "benchmark::State::StartKeepRunning()");
  EXPECT_EQ(demangle("_ZN12_GLOBAL__N_13addEii"), "(anonymous namespace)::add(int, int)");
  EXPECT_EQ(demangle("_ZZ4mainENKUlvE_clEv"), "main::{lambda()#1}::operator()() const");
}

TEST(Demangle, LeavesWhatIsNoMangledNameAsItIs) {
  for (const std::string name :
       {"main", "", "_", "_Z", "_ZZ", "_Znot mangled", "foo::bar", "[vdso]", "a.b"}) {
    EXPECT_EQ(demangle(name), name);
  }
}

TEST(Demangle, DropsWhatTheCompilerAppendsToClones) {
  EXPECT_EQ(demangle("_Z3addii.constprop.0"), "add(int, int)");
  EXPECT_EQ(demangle("_Z3addii.part.0.cold"), "add(int, int)");
  EXPECT_EQ(demangle("add.isra.0"), "add");
  EXPECT_EQ(demangle("add.cold"), "add");
}

TEST(Demangle, DropsSymbolVersions) {
  EXPECT_EQ(demangle("memcpy@@GLIBC_2.14"), "memcpy");
  EXPECT_EQ(demangle("_ZNSt6thread4joinEv@GLIBCXX_3.4.11"), "std::thread::join()");
}

TEST(Demangle, SurvivesNamesThatNestWithoutEnd) {
  const std::string pointers = "_Z1f" + std::string(10'000, 'P') + "i";
  EXPECT_FALSE(demangle(pointers).empty());
  const std::string too_long = "_Z" + std::string(1'000'000, 'P');
  EXPECT_EQ(demangle(too_long), too_long);
  std::string templates = "_Z1f";
  for (int i = 0; i < 3000; ++i) templates += "1aI";
  EXPECT_FALSE(demangle(templates).empty());
}

TEST(ScopedName, IsTheLinkersWhereDebugInformationTellsNoScope) {
  const std::string call = "deft::f(int)::{lambda(int)#1}::operator()(int) const";
  EXPECT_EQ(scoped_name("operator()", call), call);
  const std::string merge = "long* std::__merge<long*, ns::less>(long*, ns::less)";
  EXPECT_EQ(scoped_name("__merge<long int*, ns::less>", merge), merge);
  EXPECT_EQ(scoped_name("~list", "ns::list::~list()"), "ns::list::~list()");
  EXPECT_EQ(scoped_name("operator<<", "ns::operator<<(int)"), "ns::operator<<(int)");
  EXPECT_EQ(scoped_name("operator()<char>", "ns::f::operator()<char>(char)"),
            "ns::f::operator()<char>(char)");
}

TEST(ScopedName, IsThatOfDebugInformationWhereItIsWholeOrOfAnotherFunction) {
  EXPECT_EQ(scoped_name("main", "main"), "main");
  EXPECT_EQ(scoped_name("f", "ns::g(ns::f)"), "f");
  EXPECT_EQ(scoped_name("f", "ns::ff(int)"), "f");
  EXPECT_EQ(scoped_name("f", ""), "f");
  EXPECT_EQ(scoped_name("ns::f(int)", "other::f(int)"), "ns::f(int)");
  EXPECT_EQ(scoped_name("(anonymous namespace)::f(int)", "other::f(int)"), "(anonymous namespace)::f(int)");
  EXPECT_EQ(scoped_name("", "ns::f(int)"), "");
}

}  // namespace
}  // namespace deft::symbols
