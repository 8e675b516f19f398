#include "store/result_file.hpp"

#include <cmath>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "support/files.hpp"
#include "tests/store/sample_result.hpp"

using namespace deft;
using store::from_json;
using store::result_file;
using store::to_json;
using tests::sample_result;

TEST(ResultFile, KeepsCountsAndTheirAbsence) {
  result_file before = sample_result();
  stats::work_counts& counts = before.benchmarks[0].base_counts.emplace();
  counts.instructions = 40'009;
  counts.allocations = 1.0 / 3;
  counts.peak_bytes = 18'446'744'073'709'551'615U;
  before.benchmarks[0].head_counts.emplace().why_not = "instructions: valgrind is not installed";
  const auto after = from_json(to_json(before), "r.json");
  ASSERT_TRUE(after) << after.error().message;
  EXPECT_EQ(after->benchmarks[0].base_counts, before.benchmarks[0].base_counts);
  EXPECT_EQ(after->benchmarks[0].head_counts, before.benchmarks[0].head_counts);
  EXPECT_FALSE(after->benchmarks[1].base_counts);
  EXPECT_EQ(to_json(*after), to_json(before));
}

TEST(ResultFile, RefusesCountsThatCannotBe) {
  result_file file = sample_result();
  file.benchmarks[0].base_counts.emplace().allocations = -1;
  const auto negative = from_json(to_json(file), "r.json");
  ASSERT_FALSE(negative);
  EXPECT_EQ(negative.error().message,
            "r.json: $.benchmarks[0].base_counts.allocations: expected a number of at least 0, or null, "
            "found -1.0");
  file.benchmarks[0].base_counts.emplace().instructions = 5;
  std::string text = to_json(file);
  text.replace(text.find("\"peak_bytes\":null"), 17, "\"peak_bytes\":1.5");
  EXPECT_FALSE(from_json(text, "r.json"));
}

TEST(ResultFile, SurvivesWritingAndReading) {
  const result_file before = sample_result();
  const auto read = from_json(to_json(before), "r.json");
  ASSERT_TRUE(read) << read.error().message;
  const result_file& after = *read;

  EXPECT_EQ(after.kind, before.kind);
  EXPECT_EQ(after.created, before.created);
  EXPECT_EQ(after.duration_seconds, before.duration_seconds);
  EXPECT_EQ(after.interrupted, before.interrupted);
  EXPECT_EQ(after.note, before.note);
  EXPECT_EQ(after.machine.memory_bytes, before.machine.memory_bytes);
  EXPECT_EQ(after.machine.perf_event, before.machine.perf_event);
  EXPECT_EQ(after.noise.involuntary_switches, before.noise.involuntary_switches);
  EXPECT_EQ(after.base.revision, before.base.revision);
  EXPECT_EQ(after.seed, before.seed);
  EXPECT_EQ(after.band, before.band);
  ASSERT_EQ(after.benchmarks.size(), 2U);

  const store::benchmark& b = after.benchmarks[0];
  EXPECT_EQ(b.method, measure::method::alternating);
  ASSERT_EQ(b.rounds.size(), 2U);
  EXPECT_EQ(b.rounds[0].base[1].real_ns, 1e-300);
  EXPECT_EQ(b.rounds[0].head[0].cpu_ns, 1.0 / 3);
  EXPECT_EQ(b.rounds[0].head[0].iterations, 18'446'744'073'709'551'615U);
  EXPECT_FALSE(b.rounds[0].confirmation);
  EXPECT_TRUE(b.rounds[1].confirmation);
  ASSERT_TRUE(b.decision);
  EXPECT_EQ(b.decision->verdict, stats::verdict::regressed);
  EXPECT_EQ(b.decision->head.high, 1.07);
  EXPECT_TRUE(b.decision->confirmed);
  ASSERT_TRUE(b.profile);
  EXPECT_EQ(b.profile->frames, sample_result().benchmarks[0].profile->frames);
  ASSERT_EQ(b.profile->stacks.size(), 2U);
  EXPECT_EQ(b.profile->stacks[1].frames, (std::vector<std::uint32_t>{0, 1, 1}));
  EXPECT_EQ(b.profile->stacks[1].count, 4U);
  EXPECT_TRUE(b.base_profile);

  EXPECT_FALSE(after.benchmarks[1].decision);
  EXPECT_FALSE(after.benchmarks[1].profile);
  EXPECT_EQ(after.benchmarks[1].failure, "head: killed by SIGSEGV (Segmentation fault)");
}

TEST(ResultFile, WritesTheSameBytesForTheSameContent) {
  const std::string text = to_json(sample_result());
  EXPECT_EQ(text, to_json(sample_result()));
  const auto read = from_json(text, "r.json");
  ASSERT_TRUE(read);
  EXPECT_EQ(text, to_json(*read)) << "nothing is lost on the way";
}

TEST(ResultFile, BeginsWithItsSchemaAndEndsInANewline) {
  const std::string text = to_json({});
  EXPECT_TRUE(text.starts_with(R"({"schema":"deft-result","version":1,)")) << text;
  EXPECT_TRUE(text.ends_with("}\n"));
}

TEST(ResultFile, WritesNullWhereNothingIsKnown) {
  result_file file;
  file.benchmarks.resize(1);
  file.benchmarks[0].decision.emplace();
  file.benchmarks[0].decision->p_value = std::numeric_limits<double>::quiet_NaN();
  const auto read = from_json(to_json(file), "r.json");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_TRUE(std::isinf(read->benchmarks[0].decision->head.high));
  EXPECT_EQ(read->benchmarks[0].decision->head.low, 0);
  EXPECT_TRUE(std::isnan(read->benchmarks[0].decision->p_value));
}

TEST(ResultFile, ReplacesBytesThatAreNotUtf8) {
  result_file file;
  file.note = "bad \xFF byte";
  const auto read = from_json(to_json(file), "r.json");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->note, "bad \xEF\xBF\xBD byte");
}

TEST(ResultFile, IgnoresWhatItDoesNotKnow) {
  std::string text = to_json(sample_result());
  text.insert(1, R"("extra":{"a":[1,2]},)");
  EXPECT_TRUE(from_json(text, "r.json"));
}

TEST(ResultFile, IsSavedToAndLoadedFromAPath) {
  auto folder = support::temporary_folder::make("store-test");
  ASSERT_TRUE(folder);
  const auto path = folder->path() / "result.json";
  ASSERT_TRUE(store::save(sample_result(), path));
  const auto read = store::load(path);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(to_json(*read), to_json(sample_result()));
}
