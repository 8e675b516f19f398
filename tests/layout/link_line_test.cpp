#include "layout/link_line.hpp"

#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/files.hpp"

namespace deft::layout {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using words = std::vector<std::string>;

class ResponseFile : public testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& text) const {
    EXPECT_TRUE(support::write_file(folder_->path() / name, text));
    return (folder_->path() / name).string();
  }

 private:
  support::result<support::temporary_folder> folder_ = support::temporary_folder::make("test");
};

TEST_F(ResponseFile, IsReplacedByItsWords) {
  const std::string path = file("a", "b.o 'c d.o'\n\t\"e\\\"f.o\" g\\ h.o ''");
  EXPECT_THAT(expanded({"a.o", "@" + path, "-lx"}),
              ElementsAre("a.o", "b.o", "c d.o", "e\"f.o", "g h.o", "", "-lx"));
}

TEST_F(ResponseFile, MayNameOthers) {
  const std::string inner = file("inner", "b.o");
  const std::string outer = file("outer", "a.o @" + inner + " c.o");
  EXPECT_THAT(expanded({"@" + outer}), ElementsAre("a.o", "b.o", "c.o"));
}

TEST_F(ResponseFile, ThatNamesItselfComesToAnEnd) {
  const std::string path = file("loop", "");
  file("loop", "a.o @" + path);
  EXPECT_EQ(expanded({"@" + path}).back(), "@" + path);
}

TEST_F(ResponseFile, ThatDoesNotExistStaysAsItIs) {
  EXPECT_THAT(expanded({"@/no/such/file", "@"}), ElementsAre("@/no/such/file", "@"));
}

TEST_F(ResponseFile, IsWrittenSoThatItIsReadBack) {
  const words all{"plain.o", "with space.o", "a\"b.o", "it's.o", "back\\slash.o", ""};
  EXPECT_EQ(expanded({"@" + file("r", response_text(all))}), all);
}

TEST(ObjectRuns, EndAtLibrariesAndOptions) {
  const words line{"a.o", "b.o", "-lx", "c.o", "--start-group", "d.o", "e.o", "--end-group", "libf.a"};
  EXPECT_THAT(object_runs(line), ElementsAre(ElementsAre(0, 1), ElementsAre(3), ElementsAre(5, 6)));
}

TEST(ObjectRuns, LeaveOutWhatTheCompilerPutsAtTheEnds) {
  EXPECT_THAT(object_runs({"/usr/lib/Scrt1.o", "crti.o", "/x/crtbeginS.o", "a.o", "crtendS.o", "crtn.o"}),
              ElementsAre(ElementsAre(3)));
  EXPECT_THAT(object_runs({"/usr/lib/gcrt1.o", "rcrt1.o", "crtfastmath.o"}), IsEmpty());
}

TEST(ObjectRuns, LeaveOutTheValuesOfOptions) {
  EXPECT_THAT(object_runs({"-o", "out.o", "-R", "symbols.o", "-Map", "map.o", "a.o"}),
              ElementsAre(ElementsAre(6)));
}

TEST(MakesImage, IsNotSoForObjectsAndQuestions) {
  EXPECT_TRUE(makes_image({"-o", "x", "a.o"}));
  EXPECT_TRUE(makes_image({"-shared", "-o", "x.so", "a.o"}));
  EXPECT_FALSE(makes_image({"-r", "-o", "x.o", "a.o"}));
  EXPECT_FALSE(makes_image({"--version"}));
  EXPECT_TRUE(makes_image({"-o", "-r"})) << "the name of the output";
}

TEST(OutputOf, IsWhatFollowsItsOption) {
  EXPECT_EQ(output_of({"a.o", "-o", "x"}), "x");
  EXPECT_EQ(output_of({"--output=y", "a.o"}), "y");
  EXPECT_EQ(output_of({"a.o"}), "a.out");
  EXPECT_EQ(output_of({"a.o", "-o"}), "a.out");
}

TEST(Shuffled, KeepsEveryWordAndMovesObjectsWithinTheirRunsOnly) {
  const words line{"-o", "x", "a.o", "b.o", "c.o", "-lx", "d.o", "e.o", "-ly"};
  std::set<words> orders;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    measure::random_source random(seed);
    const words after = shuffled(line, random, "", {});
    EXPECT_TRUE(std::is_permutation(after.begin() + 2, after.begin() + 5, line.begin() + 2));
    EXPECT_TRUE(std::is_permutation(after.begin() + 6, after.begin() + 8, line.begin() + 6));
    EXPECT_EQ(after[5], "-lx");
    EXPECT_EQ(after[8], "-ly");
    orders.insert(after);
  }
  EXPECT_EQ(orders.size(), 12U);
}

TEST(Shuffled, IsTheSameForTheSameSeed) {
  const words line{"a.o", "b.o", "c.o", "d.o", "e.o"};
  measure::random_source one(7);
  measure::random_source other(7);
  EXPECT_EQ(shuffled(line, one, "p.o", {"s"}), shuffled(line, other, "p.o", {"s"}));
}

TEST(Shuffled, PutsThePaddingInFrontOfAnyObject) {
  std::set<std::size_t> places;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    measure::random_source random(seed);
    const words after = shuffled({"-o", "x", "a.o", "b.o", "-lx", "c.o", "-ly"}, random, "p.o", {"s"});
    const auto at = std::find(after.begin(), after.end(), "p.o");
    ASSERT_NE(at, after.end());
    EXPECT_EQ(*(at - 1), "--undefined=s");
    EXPECT_TRUE((at + 1)->ends_with(".o"));
    places.insert(static_cast<std::size_t>(at - after.begin()));
  }
  EXPECT_EQ(places.size(), 3U);
}

TEST(Shuffled, PutsThePaddingBeforeTheLibrariesWhereThereIsNoObject) {
  measure::random_source random(1);
  EXPECT_THAT(shuffled({"-o", "x", "crt1.o", "libmain.a", "-lc"}, random, "p.o", {}),
              ElementsAre("-o", "x", "crt1.o", "p.o", "libmain.a", "-lc"));
}

}  // namespace
}  // namespace deft::layout
