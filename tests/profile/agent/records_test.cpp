// The way of a sample from a signal handler to a recording: the ring, its overflow, writers that die; and
// files that end early or are damaged.

#include <atomic>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "profile/agent/executable_mappings.hpp"
#include "profile/agent/poisson_sampling.hpp"
#include "profile/agent/ring.hpp"
#include "profile/sample_records.hpp"
#include "profile/samples_file.hpp"

namespace deft::profile {
namespace {

using ::testing::HasSubstr;

/// A ring for tests, of so many slots.
class small_ring {
 public:
  explicit small_ring(std::size_t slots)
      : memory_((agent::ring_header::bytes + slots * sizeof(agent::ring_slot)) / 64 + 1),
        ring(agent::ring_memory::create(memory_.data(),
                                        agent::ring_header::bytes + slots * sizeof(agent::ring_slot), 1, 0)),
        reader(ring) {}

 private:
  struct alignas(64) line {
    unsigned char bytes[64] = {};
  };

  std::vector<line> memory_;

 public:
  agent::ring_memory ring;
  agent::ring_reader reader;

  std::vector<std::vector<std::uint64_t>> drain(std::uint64_t now_ns = 0, std::uint64_t patience_ns = 100) {
    std::vector<std::vector<std::uint64_t>> records;
    reader.drain(now_ns, patience_ns, &records, [](void* to, std::span<const std::uint64_t> record) {
      static_cast<std::vector<std::vector<std::uint64_t>>*>(to)->emplace_back(record.begin(), record.end());
    });
    return records;
  }
};

std::vector<std::uint64_t> record_of(agent::record_kind kind, const std::vector<std::uint64_t>& body) {
  const agent::record_head head{
      static_cast<std::uint32_t>(kind), static_cast<std::uint32_t>(body.size() * 8),
      agent::record_checksum(static_cast<std::uint32_t>(kind), body.data(), body.size())};
  std::vector<std::uint64_t> record(sizeof head / 8);
  std::memcpy(record.data(), &head, sizeof head);
  record.insert(record.end(), body.begin(), body.end());
  return record;
}

std::vector<std::uint64_t> some_record(std::size_t words, std::uint64_t first) {
  std::vector<std::uint64_t> body(words);
  for (std::size_t i = 0; i < words; ++i) body[i] = first + i;
  return record_of(agent::record_kind::sample, body);
}

TEST(Ring, GivesRecordsAsTheyWereWrittenRoundAfterRound) {
  small_ring small(64);
  std::mt19937 random(1);
  for (std::uint64_t round = 0; round < 500; ++round) {
    const auto first = some_record(1 + random() % 200, round);
    const auto second = some_record(1 + random() % 200, round + 1000);
    ASSERT_TRUE(agent::write_record(small.ring, first));
    ASSERT_TRUE(agent::write_record(small.ring, second));
    EXPECT_EQ(small.drain(), (std::vector<std::vector<std::uint64_t>>{first, second}));
  }
  EXPECT_EQ(small.reader.lost(), 0U);
}

TEST(Ring, CountsWhatDoesNotFit) {
  small_ring small(8);
  std::size_t written = 0;
  for (int i = 0; i < 20; ++i) written += agent::write_record(small.ring, some_record(10, 1)) ? 1 : 0;
  EXPECT_EQ(written, 8U);
  EXPECT_EQ(small.reader.lost(), 12U);
  EXPECT_EQ(small.drain().size(), 8U);
  EXPECT_TRUE(agent::write_record(small.ring, some_record(10, 1)));
}

TEST(Ring, SkipsARecordWhoseWriterDied) {
  small_ring small(32);
  ASSERT_TRUE(agent::write_record(small.ring, some_record(3, 1)));
  small.ring.header().head.fetch_add(3);  // reserved, and then killed
  ASSERT_TRUE(agent::write_record(small.ring, some_record(40, 2)));
  EXPECT_EQ(small.drain(1000).size(), 1U);
  EXPECT_EQ(small.drain(1050).size(), 0U) << "it may still come";
  EXPECT_EQ(small.drain(1200).size(), 1U);
  EXPECT_EQ(small.reader.lost(), 1U);
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(agent::write_record(small.ring, some_record(20, 5)));
    EXPECT_EQ(small.drain().size(), 1U);
  }
}

TEST(Ring, RecognisesARecordThatALateWriterDamaged) {
  small_ring small(32);
  ASSERT_TRUE(agent::write_record(small.ring, some_record(40, 2)));
  small.ring.slot(1).payload[3] ^= 1;
  ASSERT_TRUE(agent::write_record(small.ring, some_record(4, 7)));
  EXPECT_EQ(small.drain(), (std::vector<std::vector<std::uint64_t>>{some_record(4, 7)}));
  EXPECT_EQ(small.reader.lost(), 1U);
}

TEST(Ring, TakesRecordsOfManyThreads) {
  small_ring small(256);
  constexpr int threads = 4;
  constexpr std::uint64_t each = 3000;
  std::vector<std::thread> writers;
  std::atomic<int> running{threads};
  for (std::uint64_t t = 0; t < threads; ++t) {
    writers.emplace_back([&, t] {
      for (std::uint64_t i = 0; i < each;) {
        if (agent::write_record(small.ring, some_record(2 + i % 40, t << 32 | i))) ++i;
      }
      --running;
    });
  }
  std::vector<std::uint64_t> next(threads, 0);
  const auto check = [&] {
    for (const auto& record : small.drain(0, 1'000'000'000)) {
      const std::uint64_t first = record.at(2);
      EXPECT_EQ(first & 0xffffffff, next.at(first >> 32)++);
      EXPECT_EQ(record, some_record(2 + (first & 0xffffffff) % 40, first));
    }
  };
  while (running != 0) check();
  for (auto& writer : writers) writer.join();
  check();
  EXPECT_EQ(next, std::vector<std::uint64_t>(threads, each));
}

TEST(Ring, SurvivesAProgramThatOverwritesIt) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 2000; ++round) {
    small_ring small(16);
    for (int i = 0; i < 3; ++i) agent::write_record(small.ring, some_record(1 + random() % 30, random()));
    auto* bytes = reinterpret_cast<unsigned char*>(&small.ring.header());
    for (int i = 0; i < 4; ++i) {
      const std::size_t size = agent::ring_header::bytes + 16 * sizeof(agent::ring_slot);
      const std::size_t at = round % 3 == 0 ? 64 + random() % 80 : random() % size;
      bytes[at] = static_cast<unsigned char>(random());
    }
    small.drain(1);
    small.drain(1000);
    agent::write_record(small.ring, some_record(4, 1));
  }
}

std::string file_with(const std::vector<std::vector<std::uint64_t>>& records) {
  agent::samples_file_header header{};
  std::memcpy(header.magic, agent::samples_file_header::right_magic, sizeof header.magic);
  header.byte_order = agent::samples_file_header::right_byte_order;
  header.period_ns = 4'000'000;
  std::string bytes(reinterpret_cast<const char*>(&header), sizeof header);
  for (const auto& record : records) {
    bytes.append(reinterpret_cast<const char*>(record.data()), record.size() * 8);
  }
  return bytes;
}

std::vector<std::uint64_t> sample_at(std::uint64_t time_ns, std::uint32_t addresses, std::uint32_t scopes) {
  agent::sample_record sample{time_ns, 7, 8, 0, 1, 2, 0, 0, addresses, scopes};
  std::vector<std::uint64_t> body(sizeof sample / 8);
  std::memcpy(body.data(), &sample, sizeof sample);
  for (std::uint32_t i = 0; i < addresses; ++i) body.push_back(0x1000 + i);
  for (std::uint32_t i = 0; i < scopes; ++i) {
    body.push_back(i);
    body.push_back(0x2000 + i);
  }
  return record_of(agent::record_kind::sample, body);
}

std::vector<std::uint64_t> mapping_of(const std::string& path) {
  agent::mapping_record mapping{5, 7, 4, 0x1000, 0x2000, 0x300, path.size()};
  std::string text(reinterpret_cast<const char*>(&mapping), sizeof mapping);
  text += "\x01\x23\xab\xff" + path;
  text.resize((text.size() + 7) / 8 * 8);
  std::vector<std::uint64_t> body(text.size() / 8);
  std::memcpy(body.data(), text.data(), text.size());
  return record_of(agent::record_kind::mapping, body);
}

TEST(SamplesFile, IsReadInOrderOfTime) {
  const std::string bytes = file_with({sample_at(20, 3, 1), mapping_of("/lib/with a space.so"),
                                       sample_at(10, 0, 0), record_of(agent::record_kind::lost, {4})});
  EXPECT_TRUE(is_samples_file(bytes));
  const auto region = parse_samples(bytes, "here");
  ASSERT_TRUE(region);
  EXPECT_EQ(region->period_ns, 4'000'000U);
  EXPECT_EQ(region->recording.lost, 4U);
  ASSERT_EQ(region->recording.samples.size(), 2U);
  EXPECT_EQ(region->recording.samples[0].time_ns, 10U);
  const symbols::stack_sample& sample = region->recording.samples[1];
  EXPECT_EQ(sample.weight, 2U);
  EXPECT_TRUE(sample.addresses_rooted);
  EXPECT_THAT(sample.addresses, ::testing::ElementsAre(0x1000, 0x1001, 0x1002));
  ASSERT_EQ(sample.scopes.size(), 1U);
  EXPECT_EQ(sample.scopes[0].name_address, 0x2000U);
  ASSERT_EQ(region->recording.mappings.size(), 1U);
  EXPECT_EQ(region->recording.mappings[0].path, "/lib/with a space.so");
  EXPECT_EQ(region->recording.mappings[0].build_id, "0123abff");
}

TEST(SamplesFile, ThatEndsEarlyHasWhatIsThereAndOneLost) {
  const std::string bytes = file_with({sample_at(1, 3, 0), sample_at(2, 3, 0)});
  const std::size_t first_end = file_with({sample_at(1, 3, 0)}).size();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto region = parse_samples(std::string_view(bytes).substr(0, size), "cut.samples");
    if (size < file_with({}).size()) {
      ASSERT_FALSE(region);
      EXPECT_THAT(region.error().message, HasSubstr("cut.samples: "));
      continue;
    }
    ASSERT_TRUE(region) << size;
    EXPECT_EQ(region->recording.samples.size(), size < first_end ? 0U : 1U);
    EXPECT_EQ(region->recording.lost, size == file_with({}).size() || size == first_end ? 0U : 1U);
  }
}

TEST(SamplesFile, ThatIsDamagedIsRefusedWithTheByte) {
  const std::string bytes = file_with({sample_at(1, 3, 1), mapping_of("/lib/a.so")});
  std::mt19937 random(5);
  for (int round = 0; round < 20'000; ++round) {
    std::string damaged = bytes;
    for (unsigned i = 0; i <= random() % 3; ++i) {
      damaged[sizeof(agent::samples_file_header) +
              random() % (bytes.size() - sizeof(agent::samples_file_header))] = static_cast<char>(random());
    }
    const auto region = parse_samples(damaged, "damaged.samples");
    if (!region)
      EXPECT_THAT(region.error().message, HasSubstr("damaged.samples: "));
    else
      EXPECT_TRUE(damaged == bytes || region->recording.lost != 0) << "nobody noticed";
  }
}

TEST(SamplesFile, WithLiesUnderRightChecksumsIsRefused) {
  auto lie = [](auto change) {
    std::vector<std::uint64_t> record = sample_at(1, 3, 1);
    std::vector<std::uint64_t> body(record.begin() + 2, record.end());
    agent::sample_record sample;
    std::memcpy(&sample, body.data(), sizeof sample);
    change(sample);
    std::memcpy(body.data(), &sample, sizeof sample);
    return parse_samples(file_with({record_of(agent::record_kind::sample, body)}), "lie");
  };
  EXPECT_FALSE(lie([](agent::sample_record& sample) { sample.address_count = 0xffffffff; }));
  EXPECT_FALSE(lie([](agent::sample_record& sample) { sample.address_count = 2; }));
  EXPECT_FALSE(lie([](agent::sample_record& sample) { sample.scope_count = 0x80000001; }));
  EXPECT_FALSE(lie([](agent::sample_record& sample) { sample.cause = 4; }));
  EXPECT_TRUE(lie([](agent::sample_record&) {}));
}

TEST(ExecutableMappings, AreReadAsTheKernelWritesThem) {
  agent::executable_mapping mapping;
  bool executable = false;
  std::string kept;  // the mapping's path points into it
  const auto parse = [&](const char* line) {
    kept = line;
    return agent::parse_mapping(kept, mapping, executable);
  };
  ASSERT_TRUE(parse("7f00a000-7f00b000 r-xp 00001000 fe:01 1234       /usr/lib/a b.so (deleted)"));
  EXPECT_TRUE(executable);
  EXPECT_EQ(mapping.start, 0x7f00a000U);
  EXPECT_EQ(mapping.end, 0x7f00b000U);
  EXPECT_EQ(mapping.file_offset, 0x1000U);
  EXPECT_EQ(std::string(mapping.path.begin(), mapping.path.end()), "/usr/lib/a b.so (deleted)");
  ASSERT_TRUE(parse("7ffff000-80000000 rw-p 00000000 00:00 0 "));
  EXPECT_FALSE(executable);
  EXPECT_TRUE(mapping.path.empty());
  for (const char* wrong : {"", "x", "10-", "10-20", "10-20 ", "10-20 rw", "20-10 r-xp 0 0:0 0 ",
                            "11111111111111111-22222222222222222 r-xp 0 0:0 0 "}) {
    EXPECT_FALSE(parse(wrong)) << wrong;
  }
}

TEST(PoissonSampling, HasTheMathematicsRight) {
  for (double x = 1e-9; x < 60; x *= 1.07) {
    EXPECT_NEAR(agent::probability_of_a_point(x) / -std::expm1(-x), 1, 1e-9) << x;
  }
  for (double x = 1; x > 1e-16; x *= 0.93) {
    EXPECT_NEAR(agent::negative_logarithm(x), -std::log(x), 1e-9) << x;
  }
}

TEST(PoissonSampling, EstimatesObjectsAndBytesOfEverySizeWithoutBias) {
  constexpr double mean = 4096;
  agent::poisson_sampling sampling;
  sampling.seed(1);
  const std::vector<std::uint64_t> sizes = {1, 16, 100, 1000, 5000, 50'000};
  std::vector<double> objects(sizes.size());
  std::vector<double> bytes(sizes.size());
  constexpr int each = 1'000'000;
  for (int i = 0; i < each; ++i) {
    for (std::size_t k = 0; k < sizes.size(); ++k) {
      if (!sampling.passes(sizes[k]) || !sampling.confirm(sizes[k], mean)) continue;
      std::uint64_t more_objects = 0;
      std::uint64_t more_bytes = 0;
      sampling.weigh(sizes[k], mean, more_objects, more_bytes);
      objects[k] += static_cast<double>(more_objects);
      bytes[k] += static_cast<double>(more_bytes);
    }
  }
  for (std::size_t k = 0; k < sizes.size(); ++k) {
    // Five standard deviations of the number of samples.
    const double expected_samples =
        each * agent::probability_of_a_point(static_cast<double>(sizes[k]) / mean);
    const double tolerance = 5 / std::sqrt(expected_samples);
    EXPECT_NEAR(objects[k] / each, 1, tolerance) << sizes[k];
    EXPECT_NEAR(bytes[k] / (each * static_cast<double>(sizes[k])), 1, tolerance) << sizes[k];
  }
}

}  // namespace
}  // namespace deft::profile
