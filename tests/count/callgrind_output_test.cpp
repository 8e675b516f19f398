#include "count/callgrind_output.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace deft::count {
namespace {

const std::string head =
    "# callgrind format\nversion: 1\ncreator: callgrind-3.19.0\npid: 7\ncmd:  ./bench\npart: 1\n\n\n";

std::string part(const std::string& trigger, const std::string& total) {
  return "desc: I1 cache: \n\ndesc: Timerange: Basic block 0 - 1\ndesc: Trigger: " + trigger +
         "\n\npositions: line\nevents: Ir\nsummary: 1\n\n\nfn=(1) main\n0 12\n\ntotals: " + total + "\n";
}

const std::string end = "Program termination";

std::string run(int index) {
  return "Client Request: deft run " + std::to_string(index);
}

void expect_refused(const std::string& text) {
  const auto counted = parse_callgrind_output(text);
  ASSERT_FALSE(counted) << text;
  EXPECT_EQ(counted.error().kind, support::error_kind::unavailable);
  EXPECT_EQ(counted.error().message.rfind("callgrind's output ", 0), 0U) << counted.error().message;
}

TEST(CallgrindOutput, HasTheInstructionsOfEachRun) {
  const auto counted =
      parse_callgrind_output(head + part(run(0), "192") + part(run(1), "400282") + part(end, "4001092"));
  ASSERT_TRUE(counted) << counted.error().message;
  EXPECT_THAT(*counted, testing::ElementsAre(192, 400282, 4001092));
}

TEST(CallgrindOutput, MayHaveOneRunOnly) {
  const auto counted = parse_callgrind_output(head + part(end, "18446744073709551615"));
  ASSERT_TRUE(counted) << counted.error().message;
  EXPECT_THAT(*counted, testing::ElementsAre(18446744073709551615U));
}

TEST(CallgrindOutput, MayHoldWhatOthersAskedFor) {
  const auto counted = parse_callgrind_output(head + part("Client Request: mine", "5") + part(end, "7"));
  ASSERT_TRUE(counted) << counted.error().message;
  EXPECT_THAT(*counted, testing::ElementsAre(7));
}

TEST(CallgrindOutput, IsRefusedWhereItIsNone) {
  expect_refused("");
  expect_refused("hello\n");
  expect_refused("desc: Trigger: Program termination\ntotals: 7\n");
}

TEST(CallgrindOutput, IsRefusedWhereverItIsCutOff) {
  const std::string whole = head + part(run(0), "192") + part(end, "4001092");
  const std::size_t last_line = whole.rfind("totals: ") + 8;
  for (std::size_t size = 0; size <= last_line; ++size) expect_refused(whole.substr(0, size));
}

TEST(CallgrindOutput, IsRefusedWhereATotalIsNoNumber) {
  for (const char* total : {"", "-1", "1 2", "0x10", "1e3", "18446744073709551616", "\xff"})
    expect_refused(head + part(end, total));
}

TEST(CallgrindOutput, IsRefusedWhereRunsAreInDisorder) {
  expect_refused(head + part(run(1), "1") + part(end, "2"));
  expect_refused(head + part(run(0), "1") + part(run(0), "1") + part(end, "2"));
  expect_refused(head + part(end, "2") + part(run(0), "1"));
  expect_refused(head + part("Client Request: deft run one", "1") + part(end, "2"));
}

TEST(CallgrindOutput, IsRefusedWhereSomethingElseWasCounted) {
  std::string text = head + part(end, "7");
  text.replace(text.find("events: Ir"), 10, "events: Dr");
  expect_refused(text);
}

TEST(CallgrindOutput, IsRefusedWithTwoTotalsOfAPartOrOneOfNone) {
  expect_refused(head + "totals: 7\n" + part(end, "7"));
  expect_refused(head + part(end, "7") + "totals: 7\n");
}

}  // namespace
}  // namespace deft::count
