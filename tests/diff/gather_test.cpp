#include "diff/gather.hpp"

#include <gtest/gtest.h>

namespace deft::diff {
namespace {

process_profile profile(std::vector<symbols::frame> frames, std::vector<symbols::folded_stack> stacks,
                        double iteration_ns) {
  process_profile one;
  one.profile.collector = "perf";
  one.profile.frequency_hz = 999;
  one.profile.frames = std::move(frames);
  one.profile.stacks = std::move(stacks);
  one.profile.discarded = 1;
  one.iteration_ns = iteration_ns;
  return one;
}

const symbols::frame main_of_base{"main", "old", "m.cpp", 1, false};
const symbols::frame main_of_head{"main", "new", "m.cpp", 1, false};

TEST(Gather, CountsEachStackByRoundAndSide) {
  const profiled_round rounds[] = {
      {profile({main_of_base}, {{{0}, 3}}, 10), profile({main_of_head}, {{{0}, 4}}, 11)},
      {profile({main_of_base}, {{{0}, 5}}, 12), profile({main_of_head}, {{{0}, 6}, {{0, 0}, 7}}, 13)}};
  const profile_rounds all = gather(rounds, {"old", "new"});
  EXPECT_EQ(all.collector, "perf");
  EXPECT_EQ(all.frequency_hz, 999U);
  ASSERT_EQ(all.frames.size(), 1U) << "the programs' names say nothing about a frame";
  EXPECT_EQ(all.frames[0].module, "");
  ASSERT_EQ(all.stacks.size(), 2U);
  EXPECT_EQ(all.stacks[0].base, (std::vector<std::uint32_t>{3, 5}));
  EXPECT_EQ(all.stacks[0].head, (std::vector<std::uint32_t>{4, 6}));
  EXPECT_EQ(all.stacks[1].base, (std::vector<std::uint32_t>{0, 0}));
  EXPECT_EQ(all.stacks[1].head, (std::vector<std::uint32_t>{0, 7}));
  EXPECT_EQ(all.head.processes[1].samples, 13U);
  EXPECT_EQ(all.head.processes[1].iteration_ns, 13);
  EXPECT_EQ(all.base.discarded, 2U);
}

TEST(Gather, DoesNotDependOnTheOrderOfFramesAndStacks) {
  const symbols::frame f{"f", "lib.so", "", 0, false};
  const profiled_round one[] = {
      {profile({main_of_base, f}, {{{0}, 1}, {{0, 1}, 2}}, 1), profile({f, main_of_head}, {{{1, 0}, 3}}, 1)}};
  const profiled_round other[] = {
      {profile({f, main_of_base}, {{{1, 0}, 2}, {{1}, 1}}, 1), profile({main_of_head, f}, {{{0, 1}, 3}}, 1)}};
  const profile_rounds a = gather(one, {"old", "new"});
  const profile_rounds b = gather(other, {"old", "new"});
  EXPECT_EQ(a.frames, b.frames);
  ASSERT_EQ(a.stacks.size(), b.stacks.size());
  for (std::size_t i = 0; i < a.stacks.size(); ++i) {
    EXPECT_EQ(a.stacks[i].frames, b.stacks[i].frames);
    EXPECT_EQ(a.stacks[i].base, b.stacks[i].base);
    EXPECT_EQ(a.stacks[i].head, b.stacks[i].head);
  }
}

TEST(Gather, CountsByValueWhereProfilesHaveValues) {
  symbols::folded_stack light{{0}, 10};
  light.value = 1000;
  symbols::folded_stack heavy{{0, 0}, 10};
  heavy.value = 3000;
  const profiled_round rounds[] = {
      {profile({main_of_base}, {light, heavy}, 1), profile({main_of_base}, {light}, 1)}};
  const profile_rounds all = gather(rounds, {});
  EXPECT_EQ(all.stacks[0].base[0], 5U);
  EXPECT_EQ(all.stacks[1].base[0], 15U);
  EXPECT_EQ(all.stacks[0].head[0], 10U);
}

TEST(Gather, GivesNamelessCodeOfTheProgramsTheSameName) {
  const profiled_round rounds[] = {{profile({{"[old+0x12]", "old", "", 0, false}}, {{{0}, 1}}, 1),
                                    profile({{"[new+0x12]", "new", "", 0, false}}, {{{0}, 1}}, 1)}};
  const profile_rounds all = gather(rounds, {"old", "new"});
  ASSERT_EQ(all.frames.size(), 1U);
  EXPECT_EQ(all.frames[0].function, "[+0x12]");
}

}  // namespace
}  // namespace deft::diff
