// The orders on requests to real caches, against an exact simulation: how many hits there are is known.
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "bench/memo/replay_trace.hpp"
#include "tests/memo/eviction_harness.hpp"

namespace {

namespace policy = deft::policy;

const std::string folder = DEFT_TEST_DATA "/traces/";

struct expectation {
  std::string trace;
  std::size_t capacity = 0;
  std::map<std::string, std::size_t> hits;
};

std::vector<expectation> expectations() {
  std::ifstream file(folder + "expected_hits.tsv");
  const auto cells_of_next_line = [&file] {
    std::string line;
    std::getline(file, line);
    std::istringstream cells(line);
    std::vector<std::string> result;
    for (std::string cell; cells >> cell;) result.push_back(cell);
    return result;
  };
  const std::vector<std::string> names = cells_of_next_line();
  std::vector<expectation> result;
  for (auto cells = cells_of_next_line(); cells.size() == names.size() && !cells.empty();
       cells = cells_of_next_line()) {
    expectation e{cells[0], std::stoul(cells[3]), {}};
    for (std::size_t i = 4; i < cells.size(); ++i) e.hits[names[i]] = std::stoul(cells[i]);
    result.push_back(e);
  }
  return result;
}

const std::vector<std::uint64_t>& keys_of(const std::string& name) {
  static std::map<std::string, std::vector<std::uint64_t>> read;
  auto& keys = read[name];
  if (keys.empty()) {
    deft_replay::trace trace = deft_replay::read_trace(folder + name + ".trace.xz");
    EXPECT_EQ(trace.error, "");
    keys = std::move(trace.keys);
  }
  return keys;
}

template <typename Policy>
std::size_t hits(const expectation& e, std::uint64_t (*hash)(std::uint64_t) = nullptr) {
  // That the arrays grow must not matter.
  auto cache = deft_test::simple_cache<Policy>::growing(e.capacity);
  if (hash != nullptr) cache.hash_by(hash);
  std::size_t count = 0;
  for (const std::uint64_t key : keys_of(e.trace)) count += cache.access(key) ? 1 : 0;
  return count;
}

TEST(EvictionTraces, AreThere) {
  EXPECT_EQ(expectations().size(), 6u);
}

TEST(EvictionTraces, LruFifoClockAndSieveHitAsOftenAsAnExactSimulation) {
  for (const expectation& e : expectations()) {
    SCOPED_TRACE(e.trace + " with " + std::to_string(e.capacity));
    EXPECT_EQ(hits<policy::lru>(e), e.hits.at("LRU"));
    EXPECT_EQ(hits<policy::fifo>(e), e.hits.at("FIFO"));
    EXPECT_EQ(hits<policy::clock>(e), e.hits.at("CLOCK1"));
    EXPECT_EQ(hits<policy::sieve>(e), e.hits.at("SIEVE"));
  }
}

template <std::uint64_t Seed>
std::uint64_t seeded(std::uint64_t key) {
  return deft::hash_value(key, Seed);
}

TEST(EvictionTraces, S3FifoHitsAsOftenAsAnExactSimulationWithinOneInAThousandWhateverTheSeed) {
  for (const expectation& e : expectations()) {
    SCOPED_TRACE(e.trace + " with " + std::to_string(e.capacity));
    const auto expected = static_cast<double>(e.hits.at("S3FIFO"));
    for (const auto hash : {seeded<1>, seeded<2>, seeded<3>}) {
      EXPECT_NEAR(static_cast<double>(hits<policy::s3_fifo>(e, hash)), expected, expected / 1000);
    }
  }
}

TEST(EvictionTraces, TinyLfuHitsAlmostAsOftenAsIfItCountedEveryKeyExactly) {
  // Of W-TinyLFU with a map from keys to counts in place of the sketch.
  const std::map<std::string, std::vector<std::size_t>> with_exact_counts = {
      {"cache2k-web07", {36'394, 41'059, 45'266}}, {"cache2k-web12", {55'083, 66'347, 73'808}}};
  std::map<std::string, std::size_t> seen;
  for (const expectation& e : expectations()) {
    SCOPED_TRACE(e.trace + " with " + std::to_string(e.capacity));
    const auto expected = static_cast<double>(with_exact_counts.at(e.trace)[seen[e.trace]++]);
    EXPECT_NEAR(static_cast<double>(hits<policy::tiny_lfu>(e)), expected, 0.025 * expected);
  }
}

}  // namespace
