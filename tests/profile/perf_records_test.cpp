#include "profile/perf_records.hpp"

#include <cstring>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <linux/perf_event.h>

#include "profile/ring_buffer.hpp"

namespace deft::profile {
namespace {

using bytes = std::vector<std::uint8_t>;

/// Writes a record as the kernel does.
class record {
 public:
  explicit record(std::uint32_t type, std::uint16_t misc = 0) {
    put(type);
    put(misc);
    put(std::uint16_t{0});
  }

  template <class Number>
  record& put(Number value) {
    const auto at = data_.size();
    data_.resize(at + sizeof value);
    std::memcpy(data_.data() + at, &value, sizeof value);
    return *this;
  }

  record& fill(std::size_t count, std::uint8_t value) {
    data_.insert(data_.end(), count, value);
    return *this;
  }

  record& text(const std::string& value) {
    data_.insert(data_.end(), value.begin(), value.end());
    return fill(8 - value.size() % 8, 0);
  }

  record& trailer(std::uint64_t time_ns) {
    return put(std::uint32_t{10}).put(std::uint32_t{11}).put(time_ns).put(std::uint64_t{77});
  }

  bytes done() const {
    bytes result = data_;
    const auto size = static_cast<std::uint16_t>(result.size());
    std::memcpy(result.data() + 6, &size, sizeof size);
    return result;
  }

 private:
  bytes data_;
};

bytes sample_record(std::uint64_t time_ns, std::uint64_t copied, std::uint64_t valid,
                    std::uint64_t identifier = 77) {
  record r(PERF_RECORD_SAMPLE, PERF_RECORD_MISC_USER);
  r.put(identifier).put(std::uint64_t{0x1234}).put(std::uint32_t{10}).put(std::uint32_t{11}).put(time_ns);
  r.put(std::uint64_t{PERF_SAMPLE_REGS_ABI_64});
  for (std::size_t i = 0; i < machine_register_layout().count; ++i) r.put(std::uint64_t{100 + i});
  r.put(copied).fill(copied, 0xab);
  if (copied != 0) r.put(valid);
  return r.done();
}

bytes mapping_record(std::uint64_t time_ns, const std::string& path) {
  return record(PERF_RECORD_MMAP2)
      .put(std::uint32_t{10})
      .put(std::uint32_t{11})
      .put(std::uint64_t{0x400000})
      .put(std::uint64_t{0x1000})
      .put(std::uint64_t{0x2000})
      .fill(32, 0)
      .text(path)
      .trailer(time_ns)
      .done();
}

TEST(RecordParser, ReadsASampleWithItsRegistersAndTheValidPartOfItsStack) {
  record_parser parser;
  parser.parse(sample_record(5, 64, 24));
  const symbols::recording result = parser.take();
  ASSERT_EQ(result.samples.size(), 1U);
  const symbols::stack_sample& sample = result.samples[0];
  EXPECT_EQ(sample.time_ns, 5U);
  EXPECT_EQ(sample.pid, 10U);
  EXPECT_EQ(sample.tid, 11U);
  EXPECT_TRUE(sample.has_registers);
  EXPECT_FALSE(sample.in_kernel);
  EXPECT_EQ(sample.registers[machine_register_layout().dwarf_number[2]], 102U);
  EXPECT_EQ(sample.stack, bytes(24, 0xab));
  EXPECT_EQ(parser.malformed(), 0U);
}

TEST(RecordParser, ReadsASampleWithoutRegistersAndStack) {
  record_parser parser;
  parser.parse(record(PERF_RECORD_SAMPLE, PERF_RECORD_MISC_KERNEL)
                   .put(std::uint64_t{77})
                   .put(std::uint64_t{1})
                   .put(std::uint32_t{10})
                   .put(std::uint32_t{11})
                   .put(std::uint64_t{5})
                   .put(std::uint64_t{PERF_SAMPLE_REGS_ABI_NONE})
                   .put(std::uint64_t{0})
                   .done());
  const symbols::recording result = parser.take();
  ASSERT_EQ(result.samples.size(), 1U);
  EXPECT_TRUE(result.samples[0].in_kernel);
  EXPECT_FALSE(result.samples[0].has_registers);
}

TEST(RecordParser, TakesTheKernelsAddressesOutOfACallChain) {
  const auto with_chain = [](std::uint64_t count) {
    return record(PERF_RECORD_SAMPLE, PERF_RECORD_MISC_KERNEL)
        .put(std::uint64_t{77})
        .put(std::uint64_t{1})
        .put(std::uint32_t{10})
        .put(std::uint32_t{11})
        .put(std::uint64_t{5})
        .put(count)
        .put(static_cast<std::uint64_t>(PERF_CONTEXT_KERNEL))
        .put(std::uint64_t{0xffffffff81000010})
        .put(std::uint64_t{0xffffffff81000020})
        .put(std::uint64_t{PERF_SAMPLE_REGS_ABI_NONE})
        .put(std::uint64_t{0})
        .done();
  };
  record_parser parser;
  parser.expect_kernel_chains();
  parser.parse(with_chain(3));
  EXPECT_EQ(parser.malformed(), 0U);
  parser.parse(with_chain(1000));
  parser.parse(with_chain(~std::uint64_t{0}));
  EXPECT_EQ(parser.malformed(), 2U);
  const symbols::recording result = parser.take();
  ASSERT_EQ(result.samples.size(), 1U);
  const std::vector<std::uint64_t> innermost_first = {0xffffffff81000010, 0xffffffff81000020};
  EXPECT_EQ(result.samples[0].kernel_addresses, innermost_first);
}

TEST(RecordParser, GivesThreadsTheirNamesAndNewOnesTheirCreators) {
  record_parser parser;
  const auto named = [](std::uint32_t tid, const std::string& name, std::uint64_t time_ns) {
    return record(PERF_RECORD_COMM).put(std::uint32_t{10}).put(tid).text(name).trailer(time_ns).done();
  };
  parser.parse(named(11, "reader", 3));
  parser.parse(record(PERF_RECORD_FORK)
                   .put(std::uint32_t{10})
                   .put(std::uint32_t{10})
                   .put(std::uint32_t{12})
                   .put(std::uint32_t{11})
                   .put(std::uint64_t{4})
                   .trailer(4)
                   .done());
  parser.parse(named(12, "writer", 5));
  const symbols::recording result = parser.take();
  EXPECT_TRUE(result.mappings.empty());
  ASSERT_EQ(result.thread_names.size(), 3U);
  EXPECT_EQ(result.thread_names[1].tid, 12U);
  EXPECT_EQ(result.thread_names[1].name, "reader");
  EXPECT_EQ(result.thread_names[2].name, "writer");
}

TEST(RecordParser, ReadsBuildIdsAndBelievesNoLengthOfThem) {
  const auto mapping = [](std::uint8_t length) {
    record r(PERF_RECORD_MMAP2, PERF_RECORD_MISC_MMAP_BUILD_ID);
    r.put(std::uint32_t{10}).put(std::uint32_t{11}).put(std::uint64_t{0x400000}).put(std::uint64_t{0x1000});
    r.put(std::uint64_t{0}).put(length).fill(3, 0).fill(20, 0xa5).fill(8, 0).text("/bin/program").trailer(7);
    return r.done();
  };
  record_parser parser;
  parser.parse(mapping(20));
  parser.parse(mapping(2));
  EXPECT_EQ(parser.malformed(), 0U);
  parser.parse(mapping(21));
  EXPECT_EQ(parser.malformed(), 1U);
  const symbols::recording result = parser.take();
  ASSERT_EQ(result.mappings.size(), 2U);
  EXPECT_EQ(result.mappings[0].build_id, "a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5");
  EXPECT_EQ(result.mappings[0].path, "/bin/program");
  EXPECT_EQ(result.mappings[1].build_id, "a5a5");
}

TEST(RecordParser, TellsEntryMarksFromSamplesByTheirIdentifier) {
  record_parser parser;
  parser.add_mark(99, 3);
  parser.parse(sample_record(5, 0, 0, 99));
  const symbols::recording result = parser.take();
  EXPECT_TRUE(result.samples.empty());
  ASSERT_EQ(result.marks.size(), 1U);
  EXPECT_EQ(result.marks[0].function, 3U);
  EXPECT_EQ(result.marks[0].tid, 11U);
}

TEST(RecordParser, ReadsMappingsForksAndExecs) {
  record_parser parser;
  parser.parse(mapping_record(7, "/usr/lib/libm.so.6"));
  parser.parse(record(PERF_RECORD_FORK)
                   .put(std::uint32_t{20})
                   .put(std::uint32_t{10})
                   .put(std::uint32_t{20})
                   .put(std::uint32_t{11})
                   .put(std::uint64_t{8})
                   .trailer(8)
                   .done());
  parser.parse(record(PERF_RECORD_FORK)  // a thread, and no process
                   .put(std::uint32_t{10})
                   .put(std::uint32_t{10})
                   .put(std::uint32_t{12})
                   .put(std::uint32_t{11})
                   .put(std::uint64_t{8})
                   .trailer(8)
                   .done());
  parser.parse(record(PERF_RECORD_COMM, PERF_RECORD_MISC_COMM_EXEC)
                   .put(std::uint32_t{10})
                   .put(std::uint32_t{10})
                   .text("program")
                   .trailer(6)
                   .done());
  const symbols::recording result = parser.take();
  ASSERT_EQ(result.mappings.size(), 3U);
  EXPECT_EQ(result.mappings[0].what, symbols::mapping_event::kind::exec);
  EXPECT_EQ(result.mappings[1].path, "/usr/lib/libm.so.6");
  EXPECT_EQ(result.mappings[1].start, 0x400000U);
  EXPECT_EQ(result.mappings[1].size_bytes, 0x1000U);
  EXPECT_EQ(result.mappings[1].file_offset, 0x2000U);
  EXPECT_EQ(result.mappings[2].what, symbols::mapping_event::kind::fork);
  EXPECT_EQ(result.mappings[2].parent_pid, 10U);
  EXPECT_EQ(parser.malformed(), 0U);
}

TEST(RecordParser, PutsTheRecordsOfSeveralProcessorsInOrder) {
  record_parser parser;
  for (const std::uint64_t time_ns : {3, 9, 1, 2, 8}) parser.parse(sample_record(time_ns, 8, 8));
  std::vector<std::uint64_t> times;
  for (const auto& sample : parser.take().samples) times.push_back(sample.time_ns);
  EXPECT_EQ(times, (std::vector<std::uint64_t>{1, 2, 3, 8, 9}));
}

TEST(RecordParser, CountsWhatTheKernelLost) {
  record_parser parser;
  parser.parse(record(PERF_RECORD_LOST).put(std::uint64_t{77}).put(std::uint64_t{5}).trailer(1).done());
  parser.parse(record(PERF_RECORD_LOST_SAMPLES).put(std::uint64_t{2}).trailer(1).done());
  EXPECT_EQ(parser.take().lost, 7U);
}

TEST(RecordParser, GivesUpTheOldestSamplesBeyondItsMemoryAndCountsThem) {
  record_parser parser(std::size_t{100} * 1024);
  constexpr std::uint64_t count = 20'000;
  for (std::uint64_t time_ns = 1; time_ns <= count; ++time_ns)
    parser.parse(sample_record(time_ns, 1024, 1024));
  const symbols::recording result = parser.take();
  EXPECT_GT(result.samples.size(), 50U);
  EXPECT_LT(result.samples.size(), 100U);
  EXPECT_EQ(result.samples.size() + result.lost, count);
  EXPECT_EQ(result.samples.back().time_ns, count);
}

TEST(RecordParser, RefusesRecordsThatEndBeforeTheirContent) {
  const bytes whole[] = {sample_record(5, 64, 24), mapping_record(7, "/usr/lib/libm.so.6")};
  for (const bytes& record : whole) {
    for (std::size_t size = 0; size < record.size(); size += 4) {
      bytes cut(record.begin(), record.begin() + static_cast<std::ptrdiff_t>(size));
      if (size >= 8) {
        const auto claimed = static_cast<std::uint16_t>(size);
        std::memcpy(cut.data() + 6, &claimed, sizeof claimed);
      }
      record_parser parser;
      parser.parse(cut);
      EXPECT_EQ(parser.take().samples.size(), 0U);
    }
  }
}

TEST(RecordParser, RefusesStackSizesThatDoNotFitTheRecord) {
  for (const std::uint64_t copied : {std::uint64_t{65}, std::uint64_t{1} << 32, ~std::uint64_t{0}}) {
    bytes hostile = sample_record(5, 64, 24);
    const std::size_t at = hostile.size() - 8 - 64 - 8;
    std::memcpy(hostile.data() + at, &copied, sizeof copied);
    record_parser parser;
    parser.parse(hostile);
    EXPECT_EQ(parser.malformed(), 1U);
  }
  record_parser parser;
  parser.parse(sample_record(5, 64, 65));  // more valid bytes than copied ones
  EXPECT_EQ(parser.malformed(), 1U);
}

TEST(RecordParser, SurvivesNoise) {
  std::mt19937 random(1);
  record_parser parser;
  parser.add_mark(0, 0);
  for (int round = 0; round < 20'000; ++round) {
    bytes noise(random() % 300);
    for (auto& byte : noise) byte = static_cast<std::uint8_t>(random());
    if (noise.size() >= 8 && round % 4 != 0) {  // most get past the header
      const auto type = static_cast<std::uint32_t>(random() % 20);
      const auto size = static_cast<std::uint16_t>(noise.size());
      std::memcpy(noise.data(), &type, sizeof type);
      std::memcpy(noise.data() + 6, &size, sizeof size);
    }
    parser.parse(noise);
  }
  EXPECT_GT(parser.malformed(), 0U);
}

/// A ring as it looks after `at` bytes have gone through it, holding `content`.
bytes ring_holding(const bytes& content, std::size_t size, std::uint64_t at) {
  bytes ring(size, 0xee);
  for (std::size_t i = 0; i < content.size(); ++i) ring[(at + i) % size] = content[i];
  return ring;
}

TEST(ReadRecords, GivesBackEveryRecordWhereverTheRingWraps) {
  bytes content;
  const std::vector<bytes> records = {mapping_record(1, "/a"), sample_record(2, 40, 40),
                                      mapping_record(3, "/b")};
  for (const bytes& each : records) content.insert(content.end(), each.begin(), each.end());
  for (std::uint64_t at = 0; at < 2048; at += 8) {
    const bytes ring = ring_holding(content, 1024, at);
    std::vector<bytes> seen;
    bytes scratch;
    std::uint64_t broken = 0;
    const std::uint64_t tail = read_records(
        ring, at, at + content.size(), scratch,
        [&](std::span<const std::uint8_t> record) { seen.emplace_back(record.begin(), record.end()); },
        broken);
    EXPECT_EQ(seen, records);
    EXPECT_EQ(tail, at + content.size());
    EXPECT_EQ(broken, 0U);
  }
}

TEST(ReadRecords, SkipsToTheHeadWhereASizeCannotBe) {
  for (const std::uint16_t size : std::initializer_list<std::uint16_t>{0, 7, 2000, 65535}) {
    bytes content = mapping_record(1, "/a");
    std::memcpy(content.data() + 6, &size, sizeof size);
    const bytes ring = ring_holding(content, 1024, 1000);
    bytes scratch;
    std::uint64_t broken = 0;
    EXPECT_EQ(read_records(
                  ring, 1000, 1000 + content.size(), scratch, [](auto) { FAIL(); }, broken),
              1000 + content.size());
    EXPECT_EQ(broken, 1U);
  }
}

TEST(ReadRecords, DoesNotFollowPositionsFurtherApartThanTheRing) {
  const bytes ring(64, 0xff);
  bytes scratch;
  std::uint64_t broken = 0;
  EXPECT_EQ(read_records(ring, 0, 65, scratch, [](auto) { FAIL(); }, broken), 65U);
  EXPECT_EQ(read_records(ring, 100, 8, scratch, [](auto) { FAIL(); }, broken), 8U);
  EXPECT_EQ(broken, 2U);
}

TEST(ReadRecords, LeavesARecordThatIsNotWholeYet) {
  const bytes ring(64, 0);
  bytes scratch;
  std::uint64_t broken = 0;
  EXPECT_EQ(read_records(ring, 0, 4, scratch, [](auto) { FAIL(); }, broken), 0U);
  EXPECT_EQ(broken, 0U);
}

}  // namespace
}  // namespace deft::profile
