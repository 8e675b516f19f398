#include "diff/function_names.hpp"

#include <gtest/gtest.h>

using namespace deft::diff;

TEST(FunctionNames, LoseWhatCompilersAppendToCopies) {
  EXPECT_EQ(without_clone_suffix("hash.constprop.0"), "hash");
  EXPECT_EQ(without_clone_suffix("hash.part.1.isra.0.cold"), "hash");
  EXPECT_EQ(without_clone_suffix("hash(int) [clone .isra.0] [clone .cold]"), "hash(int)");
  EXPECT_EQ(without_clone_suffix("hash.llvm.123456"), "hash");
  EXPECT_EQ(without_clone_suffix("hash"), "hash");
  EXPECT_EQ(without_clone_suffix(".cold"), ".cold") << "a name is never emptied";
}

TEST(FunctionNames, LoseAbiTags) {
  EXPECT_EQ(without_abi_tags("name[abi:cxx11](int)"), "name(int)");
  EXPECT_EQ(without_abi_tags("(anonymous namespace)::f()"), "{anonymous}::f()");
  EXPECT_EQ(without_abi_tags("f[abi:cut"), "f");
}

TEST(FunctionNames, LoseTemplateArguments) {
  EXPECT_EQ(without_template_arguments("std::vector<int, std::allocator<int> >::push_back(int const&)"),
            "std::vector::push_back(int const&)");
  EXPECT_EQ(without_template_arguments("f<(unsigned long)4, (a>b)>(int)"), "f(int)");
  EXPECT_EQ(without_template_arguments("f<int (*)(long)>::g"), "f::g");
  EXPECT_EQ(without_template_arguments("a<b->c>::d"), "a::d");
}

TEST(FunctionNames, KeepOperators) {
  EXPECT_EQ(without_template_arguments("operator<< <char>(int)"), "operator<< (int)");
  EXPECT_EQ(without_template_arguments("big::operator<=>(big const&) const"),
            "big::operator<=>(big const&) const");
  EXPECT_EQ(without_parameters("big::operator<(big const&) const"), "big::operator<");
  EXPECT_EQ(without_parameters("big::operator()(int, long) const"), "big::operator()");
  EXPECT_EQ(without_parameters("operator new[](unsigned long)"), "operator new[]");
  EXPECT_EQ(without_parameters("big::operator bool() const"), "big::operator bool");
  EXPECT_EQ(without_parameters("my_operator(int)"), "my_operator");
}

TEST(FunctionNames, LoseParametersAndReturnTypes) {
  EXPECT_EQ(without_parameters("void merge<long>(long*, long*)"), "merge");
  EXPECT_EQ(without_parameters("unsigned long a::b::merge<long>(f (*)(int)) const &"), "a::b::merge");
  EXPECT_EQ(without_parameters("(anonymous namespace)::f(int)"), "{anonymous}::f");
  EXPECT_EQ(without_parameters("run(int)::{lambda(long)#2}::operator()(long) const"),
            without_parameters("run(int)::{lambda(int)#1}::operator()(int) const"));
}

TEST(FunctionNames, ComeThroughWhateverTheyAre) {
  for (const char* odd :
       {"", "<", ">", "(", ")", "<<<<", "))))", "operator", "operator<", "a<b(c>d)", "<lambda>", " ",
        "{lambda#", "f(", "f<", "operator<<<", "[", "(anonymous namespace"}) {
    EXPECT_LE(without_parameters(odd).size(), std::string(odd).size()) << odd;
  }
}

TEST(FunctionNames, TellAddressesFromNames) {
  EXPECT_TRUE(is_unnamed("[libc.so.6+0x12f]"));
  EXPECT_TRUE(is_unnamed(""));
  EXPECT_FALSE(is_unnamed("[kernel]"));
  EXPECT_FALSE(is_unnamed("f"));
}
