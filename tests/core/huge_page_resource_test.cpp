#include "deft/core/huge_page_resource.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <list>
#include <memory_resource>
#include <new>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace {

constexpr std::size_t region = std::size_t{1} << 21;

auto address(const void* memory) -> std::uintptr_t {
  return reinterpret_cast<std::uintptr_t>(memory);
}

TEST(HugePageResource, ReservesNothingBeforeTheFirstBlock) {
  deft::huge_page_resource resource;
  EXPECT_EQ(resource.bytes_reserved(), 0U);
  void* const block = resource.allocate(1088, 64);
  EXPECT_EQ(resource.bytes_reserved(), region);
  resource.deallocate(block, 1088, 64);
  EXPECT_EQ(resource.bytes_reserved(), region);
}

TEST(HugePageResource, AlignsAsAsked) {
  deft::huge_page_resource resource;
  for (std::size_t alignment = 1; alignment <= 4 * region; alignment *= 2) {
    for (const std::size_t bytes : {0U, 1U, 40U, 704U, 1088U, 5000U, 40'000U, 65'536U, 100'000U}) {
      void* const block = resource.allocate(bytes, alignment);
      EXPECT_EQ(address(block) % alignment, 0U) << bytes << " bytes aligned to " << alignment;
      std::memset(block, 1, bytes);
      resource.deallocate(block, bytes, alignment);
    }
  }
}

TEST(HugePageResource, AlignsLargeBlocksToHugePages) {
  deft::huge_page_resource resource;
  void* const block = resource.allocate(3 * region, 8);
  EXPECT_EQ(address(block) % region, 0U);
  resource.deallocate(block, 3 * region, 8);
}

TEST(HugePageResource, AsksForHugePages) {
  if (!std::filesystem::exists("/sys/kernel/mm/transparent_hugepage")) GTEST_SKIP() << "no huge pages here";
  deft::huge_page_resource resource;
  const std::uintptr_t block = address(resource.allocate(1088, 64));
  std::ifstream smaps("/proc/self/smaps");
  bool inside = false;
  bool asked = false;
  for (std::string line; std::getline(smaps, line);) {
    const std::size_t dash = line.find('-');
    if (dash != std::string::npos && line.find_first_not_of("0123456789abcdef") == dash) {
      inside =
          std::stoull(line, nullptr, 16) <= block && block < std::stoull(line.substr(dash + 1), nullptr, 16);
    } else if (inside && line.starts_with("VmFlags:")) {
      asked = line.find(" hg") != std::string::npos;
    }
  }
  EXPECT_TRUE(asked);
}

TEST(HugePageResource, ReusesABlockForTheSameSize) {
  deft::huge_page_resource resource;
  void* const first = resource.allocate(1088, 64);
  void* const second = resource.allocate(1088, 64);
  resource.deallocate(first, 1088, 64);
  EXPECT_NE(resource.allocate(704, 64), first);
  EXPECT_EQ(resource.allocate(1088, 64), first);
  resource.deallocate(second, 1088, 64);
  EXPECT_EQ(resource.allocate(1080, 64), second);  // rounded up, it is the same size
}

TEST(HugePageResource, GrowsNoFurtherWhileAsMuchIsReturnedAsTaken) {
  deft::huge_page_resource resource;
  std::vector<void*> blocks(10'000);
  for (void*& block : blocks) block = resource.allocate(1088, 64);
  const std::size_t reserved = resource.bytes_reserved();
  EXPECT_GE(reserved, blocks.size() * 1088);
  EXPECT_LE(reserved, blocks.size() * 1088 + blocks.size() * 1088 / 10 + region);
  std::mt19937 random(1);
  for (int round = 0; round < 100'000; ++round) {
    void*& block = blocks[random() % blocks.size()];
    resource.deallocate(block, 1088, 64);
    block = resource.allocate(1088, 64);
  }
  EXPECT_EQ(resource.bytes_reserved(), reserved);
}

TEST(HugePageResource, GrowsNoFurtherWhereOneSizeComesWithManyAlignments) {
  deft::huge_page_resource resource;
  for (int round = 0; round < 10'000; ++round) {
    void* const loose = resource.allocate(4096, 1);
    void* const strict = resource.allocate(4096, 4096);
    resource.deallocate(strict, 4096, 4096);
    resource.deallocate(loose, 4096, 1);
  }
  EXPECT_EQ(resource.bytes_reserved(), region);
}

TEST(HugePageResource, GivesLargeBlocksBackAtOnce) {
  deft::huge_page_resource resource;
  std::vector<void*> blocks;
  for (const std::size_t bytes : {200'000U, 3'000'000U, 70'000U})
    blocks.push_back(resource.allocate(bytes, 16));
  EXPECT_GE(resource.bytes_reserved(), 3'270'000U);
  EXPECT_LE(resource.bytes_reserved(), 3'270'000U + 3 * 8192U);
  resource.deallocate(blocks[1], 3'000'000, 16);  // the middle, the newest, the oldest
  resource.deallocate(blocks[2], 70'000, 16);
  resource.deallocate(blocks[0], 200'000, 16);
  EXPECT_EQ(resource.bytes_reserved(), 0U);
}

TEST(HugePageResource, ThrowsBadAllocWhereSizesOverflow) {
  deft::huge_page_resource resource;
  // Volatile, here and below: compilers know that nobody means these alignments.
  volatile std::size_t strictest_anywhere = std::size_t{1} << 63;
  const std::size_t strictest = strictest_anywhere;
  constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
  for (const std::size_t bytes : {most, most - 1, most - 15, most - 4096, most / 2, most / 2 + 1, most / 4}) {
    for (const std::size_t alignment : {std::size_t{1}, std::size_t{64}, strictest}) {
      EXPECT_THROW(static_cast<void>(resource.allocate(bytes, alignment)), std::bad_alloc);
    }
  }
  EXPECT_THROW(static_cast<void>(resource.allocate(1, strictest)), std::bad_alloc);
  EXPECT_EQ(resource.bytes_reserved(), 0U);
  resource.deallocate(resource.allocate(100, 8), 100, 8);
}

TEST(HugePageResourceDeathTest, TrapsAnAlignmentThatIsNoPowerOfTwo) {
  deft::huge_page_resource resource;
  volatile std::size_t alignment = 24;
  EXPECT_DEATH(static_cast<void>(resource.allocate(8, alignment)), "power of two");
}

TEST(HugePageResource, KeepsBlocksOfManySizesApart) {
  struct held {
    unsigned char* block;
    std::size_t bytes;
    std::size_t alignment;
    unsigned char filling;
  };

  deft::huge_page_resource resource;
  std::mt19937_64 random(2);
  std::vector<held> all;
  const auto intact = [](const held& h) {
    return std::all_of(h.block, h.block + h.bytes, [&](unsigned char c) { return c == h.filling; });
  };
  for (int round = 0; round < 20'000; ++round) {
    if (all.size() < 300 && random() % 5 < 3) {
      // All magnitudes of sizes up to 256 KiB alike, and now and then exactly a power of two.
      const std::size_t power = std::size_t{1} << (random() % 18);
      held h{nullptr, power + (random() % 8 == 0 ? 0 : random() % power), std::size_t{1} << (random() % 14),
             static_cast<unsigned char>(round)};
      h.block = static_cast<unsigned char*>(resource.allocate(h.bytes, h.alignment));
      ASSERT_EQ(address(h.block) % h.alignment, 0U);
      std::memset(h.block, h.filling, h.bytes);
      all.push_back(h);
    } else if (!all.empty()) {
      std::swap(all[random() % all.size()], all.back());
      const held h = all.back();
      all.pop_back();
      ASSERT_TRUE(intact(h)) << h.bytes << " bytes aligned to " << h.alignment;
      resource.deallocate(h.block, h.bytes, h.alignment);
    }
  }
  for (const held& h : all) EXPECT_TRUE(intact(h));
}

TEST(HugePageResource, ReleasesBlocksThatAreStillInUse) {
  deft::huge_page_resource resource;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 5000; ++i) std::memset(resource.allocate(1088, 64), 1, 1088);
    static_cast<void>(resource.allocate(5'000'000, 64));
    EXPECT_GE(resource.bytes_reserved(), 5000 * 1088 + 5'000'000U);
    resource.release();
    EXPECT_EQ(resource.bytes_reserved(), 0U);
  }
}

TEST(HugePageResource, IsEqualToItselfOnly) {
  deft::huge_page_resource a;
  deft::huge_page_resource b;
  EXPECT_TRUE(a == a);
  EXPECT_FALSE(a == b);
}

TEST(HugePageResource, ServesPmrContainers) {
  deft::huge_page_resource resource;
  std::pmr::set<std::pmr::string> words(&resource);
  for (int i = 0; i < 20'000; ++i)
    words.insert(std::pmr::string(30, static_cast<char>('a' + i % 26)) += std::to_string(i));
  EXPECT_EQ(words.size(), 20'000U);
  EXPECT_EQ(words.begin()->get_allocator().resource(), &resource);
  EXPECT_GT(resource.bytes_reserved(), region);
}

// Held until the end of the program: the search for leaks has to look into the blocks for what they own.
struct held_for_good {
  deft::huge_page_resource resource;
  std::pmr::list<std::string> words{&resource};
};

TEST(HugePageResource, LetsLeakCheckersSeeWhatItsBlocksOwn) {
  static held_for_good* const held = new held_for_good;
  held->words.emplace_back(1000, 'x');
  EXPECT_EQ(held->words.front().size(), 1000U);
}

#if defined(__SANITIZE_ADDRESS__) || DEFT_DETAIL_ASAN
TEST(HugePageResourceDeathTest, ReportsTouchingAReturnedBlockOrBehindOne) {
  deft::huge_page_resource resource;
  auto* const block = static_cast<volatile char*>(resource.allocate(64, 8));
  EXPECT_DEATH(block[64] = 1, "use-after-poison");
  auto* const large = static_cast<volatile char*>(resource.allocate(100'000, 8));
  EXPECT_DEATH(large[100'000] = 1, "use-after-poison");
  resource.deallocate(const_cast<char*>(block), 64, 8);
  EXPECT_DEATH(block[8] = 1, "use-after-poison");
}
#endif

}  // namespace
