#include <gtest/gtest.h>

#include "measure/worker/messages.hpp"

namespace deft::measure::wire {
namespace {

constexpr const char* valid_requests[] = {"list", "quit", "run 0 0 1000000",
                                          "run 17 18446744073709551615 18446744073709551615"};

constexpr const char* valid_replies[] = {"deft-worker 1 deft",
                                         "deft-worker 2 some suite",
                                         "benchmark a/b, c (d)",
                                         "benchmark  spaces  ",
                                         "end 0",
                                         "end 12",
                                         "batch 1 2 3 4 5",
                                         "failed no input file",
                                         "skipped needs AVX-512"};

TEST(WorkerMessages, AreWrittenAsTheyAreRead) {
  for (const char* line : valid_requests) {
    const auto read = parse_request(line);
    ASSERT_TRUE(read) << line;
    EXPECT_EQ(line_of(*read), line);
    EXPECT_FALSE(parse_reply(line)) << line;
  }
  for (const char* line : valid_replies) {
    const auto read = parse_reply(line);
    ASSERT_TRUE(read) << line;
    EXPECT_EQ(line_of(*read), line);
    EXPECT_FALSE(parse_request(line)) << line;
  }
}

TEST(WorkerMessages, HoldTheirNumbers) {
  const auto request = parse_request("run 3 40 1000000");
  ASSERT_TRUE(request);
  const auto& run = std::get<detail::batch_request>(*request);
  EXPECT_EQ(run.benchmark, 3U);
  EXPECT_EQ(run.iterations, 40U);
  EXPECT_EQ(run.nanoseconds, 1'000'000U);
  const auto reply = parse_reply("batch 1 2 3 4 5");
  ASSERT_TRUE(reply);
  const auto& batch = std::get<detail::batch>(*reply);
  EXPECT_EQ(batch.iterations, 1U);
  EXPECT_EQ(batch.cpu_ns, 2U);
  EXPECT_EQ(batch.wall_ns, 3U);
  EXPECT_EQ(batch.steal_ns, 4U);
  EXPECT_EQ(batch.involuntary_switches, 5U);
}

TEST(WorkerMessages, AreNothingElse) {
  for (const char* line : {"",
                           " ",
                           "list ",
                           " list",
                           "LIST",
                           "lists",
                           "quit now",
                           "run",
                           "run ",
                           "run 1",
                           "run 1 2",
                           "run 1 2 ",
                           "run 1 2 3 ",
                           "run 1 2 3 4",
                           "run  1 2 3",
                           "run 1 2 -3",
                           "run 1 2 +3",
                           "run 1 2 3.0",
                           "run 01 2 3",
                           "run 1 2 18446744073709551616",
                           "run 1 2 0x3",
                           "run a b c",
                           "run 1\t2 3"})
    EXPECT_FALSE(parse_request(line)) << line;
  for (const char* line : {"",
                           "deft-worker",
                           "deft-worker ",
                           "deft-worker 1",
                           "deft-worker 1 ",
                           "deft-worker x y",
                           "deft-worker  1 deft",
                           "deft-worker 01 deft",
                           "benchmark",
                           "benchmark ",
                           "end",
                           "end ",
                           "end -1",
                           "end 1 ",
                           "end 1 2",
                           "batch",
                           "batch 1 2 3 4",
                           "batch 1 2 3 4 5 6",
                           "batch 1 2 3 4 ",
                           "batch 1 2 3 4 nan",
                           "failed",
                           "failed ",
                           "skipped ",
                           "benchmark a\x1b[2J",
                           "failed \r",
                           "benchmark \x7f"})
    EXPECT_FALSE(parse_reply(line)) << line;
  EXPECT_FALSE(parse_reply(std::string_view("benchmark a\0b", 13)));
  EXPECT_FALSE(parse_reply("benchmark " + std::string(longest_line, 'x')));
}

TEST(WorkerMessages, NeverBreakTheLine) {
  EXPECT_EQ(line_of(listed_name{"a\nrun 1 2 3"}), "benchmark a run 1 2 3");
  EXPECT_EQ(line_of(refusal{"\x1b[31mred\r\n", false}), "failed  [31mred  ");
  EXPECT_EQ(line_of(refusal{"", true}), "skipped no reason given");
}

TEST(ExactFilter, EscapesWhatIsSpecial) {
  EXPECT_EQ(detail::exact_filter("f<int>/8"), "^f<int>/8$");
  EXPECT_EQ(detail::exact_filter("a.b(c)|d*"), "^a\\.b\\(c\\)\\|d\\*$");
}

}  // namespace
}  // namespace deft::measure::wire
