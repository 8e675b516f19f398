#include "history/line.hpp"

#include <limits>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/history/sample_history.hpp"

namespace deft::history {
namespace {

using testing::HasSubstr;

std::string error_of(const std::string& line) {
  const auto e = from_line(line, "there");
  return e ? "no error" : e.error().message;
}

std::string with(std::string line, const std::string& what, const std::string& instead) {
  const std::size_t at = line.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return line.replace(at, what.size(), instead);
}

TEST(HistoryLine, ReadsBackWhatItWrote) {
  for (const entry& e : {tests::sample_comparison(), tests::run_number(3, 1.5),
                         tests::blessing_until(tests::run_number(3, 1.5))}) {
    const std::string line = to_line(e);
    const auto back = from_line(line, "there");
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(back->id, e.id);
    EXPECT_EQ(to_line(*back), line);
    EXPECT_EQ(line.find('\n'), std::string::npos);
  }
}

TEST(HistoryLine, KeepsEveryField) {
  const auto back = from_line(to_line(tests::sample_comparison()), "there");
  ASSERT_TRUE(back);
  const run& r = std::get<run>(back->what);
  EXPECT_EQ(r.base_commit, "4567def");
  EXPECT_EQ(r.note, "a \"note\"");
  EXPECT_EQ(r.logical_cpus, 2U);
  ASSERT_EQ(r.points.size(), 3U);
  EXPECT_EQ(r.points[0].method, measure::method::alternating);
  EXPECT_EQ(r.points[0].ratio.high, 0.99);
  EXPECT_EQ(r.points[1].verdict, stats::verdict::missing);
  EXPECT_EQ(r.points[1].ratio.high, std::numeric_limits<double>::infinity());
  EXPECT_EQ(r.points[2].verdict, std::nullopt);
}

TEST(HistoryLine, IsSortedByTimeAsBytesAre) {
  EXPECT_LT(to_line(tests::run_number(1, 9)), to_line(tests::run_number(2, 1)));
}

TEST(HistoryLine, TakesLessThanTwoHundredBytesAPoint) {
  run r = std::get<run>(tests::sample_comparison().what);
  const std::size_t before = to_line(with_id(r)).size();
  for (int i = 0; i < 100; ++i) {
    r.points.push_back({"sorted_set/find_hit/u64/1e5/deft",
                        measure::method::same_core,
                        123456,
                        123.456,
                        stats::verdict::inconclusive,
                        {1.23456, 1.12345, 1.34567}});
  }
  EXPECT_LT(to_line(with_id(r)).size() - before, 100U * 200U);
}

TEST(HistoryLine, NoticesThatItWasChanged) {
  const std::string line = to_line(tests::run_number(3, 150));
  EXPECT_THAT(error_of(with(line, "150", "140")), HasSubstr("there: the line was changed"));
}

TEST(HistoryLine, SaysWhatIsWrongWithIt) {
  const std::string line = to_line(tests::run_number(3, 150));
  EXPECT_EQ(error_of(""), "there: the file is empty");
  EXPECT_THAT(error_of("Dear reader"), HasSubstr("there: not valid JSON"));
  EXPECT_THAT(error_of("{}"), HasSubstr("there: not a deft history file"));
  EXPECT_THAT(error_of(line.substr(0, line.size() / 2)), HasSubstr("cut off"));
  EXPECT_THAT(error_of(with(line, "\"version\":1", "\"version\":2")), HasSubstr("newer deft"));
  EXPECT_THAT(error_of(with(line, "2026-11", "2026-13")), HasSubstr("$.time: expected a time"));
  EXPECT_THAT(error_of(with(line, "\"box\"", "\"../x\"")),
              HasSubstr("$.run.runner: expected a runner's name"));
  EXPECT_THAT(error_of(with(line, "150.0", "-1")),
              HasSubstr("$.run.benchmarks[0][2]: expected a time of at least 0"));
}

TEST(HistoryEntry, NamesARunnerAfterItsProcessor) {
  store::machine machine;
  machine.cpu_model = "  Intel(R) Xeon(R) Processor @ 2.10GHz";
  machine.logical_cpus = 2;
  EXPECT_EQ(default_runner(machine), "intel-r-xeon-r-processor-2.10ghz-2cpu");
  machine.cpu_model = std::string(200, 'X');
  EXPECT_TRUE(is_runner_name(default_runner(machine)));
  EXPECT_EQ(default_runner({}), "machine-0cpu");
}

TEST(HistoryEntry, TakesTheCommitFromTheResultUnlessTold) {
  store::result_file file;
  file.created = "2026-11-22T07:30:00Z";
  file.base.revision = "base";
  file.head.revision = "head";
  const auto r = std::get<run>(from_result(file, "box", "").what);
  EXPECT_EQ(r.commit, "head");
  EXPECT_EQ(r.base_commit, "base");
  EXPECT_EQ(std::get<run>(from_result(file, "box", "told").what).commit, "told");
  file.kind = store::run_kind::single;
  EXPECT_EQ(std::get<run>(from_result(file, "box", "").what).commit, "base");
}

TEST(HistoryEntry, HasTheSameIdHoweverTheBenchmarksWereOrdered) {
  store::result_file file;
  file.created = "2026-11-22T07:30:00Z";
  file.benchmarks.resize(2);
  file.benchmarks[0].name = "a";
  file.benchmarks[1].name = "b";
  const std::string id = from_result(file, "box", "").id;
  std::swap(file.benchmarks[0], file.benchmarks[1]);
  EXPECT_EQ(from_result(file, "box", "").id, id);
  EXPECT_NE(from_result(file, "another", "").id, id);
}

}  // namespace
}  // namespace deft::history
