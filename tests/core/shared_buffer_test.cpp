#include "deft/core/shared_buffer.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace {

using deft::shared_buffer;

template <typename Owner>
concept can_own = requires(Owner&& owner) { shared_buffer::own(std::forward<Owner>(owner)); };
static_assert(can_own<std::vector<double>> && can_own<std::string>);
static_assert(!can_own<std::vector<double>&>);      // would dangle
static_assert(!can_own<std::span<int>>);            // owns nothing
static_assert(!can_own<std::vector<std::string>>);  // not bytes

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

TEST(SharedBuffer, AllocatesAlignedUniqueWritableBytes) {
  for (const std::size_t size : {0, 1, 63, 64, 1000}) {
    shared_buffer b = shared_buffer::allocate(size);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(b.data()) % 64, 0u);
    EXPECT_EQ(b.size(), size);
    EXPECT_TRUE(b.unique());
    EXPECT_EQ(b.writable_bytes().size(), size);
  }
  EXPECT_THROW((void)shared_buffer::allocate(static_cast<std::size_t>(-1)), std::length_error);
}

TEST(SharedBuffer, CopiesShareAndTheLastOneFrees) {
  int freed = 0;
  std::array<std::byte, 4> memory{};
  {
    const auto first =
        shared_buffer::adopt(std::span<std::byte>(memory), [&](std::byte* data, std::size_t size) {
          EXPECT_EQ(data, memory.data());
          EXPECT_EQ(size, 4u);
          ++freed;
        });
    const shared_buffer second = first;
    const shared_buffer part = second.slice(1, 99);
    EXPECT_EQ(first.use_count(), 3u);
    EXPECT_EQ(part.data(), memory.data() + 1);
    EXPECT_EQ(part.size(), 3u);
    EXPECT_EQ(freed, 0);
  }
  EXPECT_EQ(freed, 1);
}

TEST(SharedBuffer, KeepsAContainerAliveWithoutCopyingIt) {
  std::vector<int> numbers{1, 2, 3};
  const void* const address = numbers.data();
  const shared_buffer b = shared_buffer::own(std::move(numbers));
  EXPECT_EQ(static_cast<const void*>(b.data()), address);
  EXPECT_EQ(b.size(), 3 * sizeof(int));
}

TEST(SharedBuffer, UnsharingCopiesOnlyWhatOthersSee) {
  shared_buffer a = shared_buffer::copy_of(bytes_of("abc"));
  const std::byte* const before = a.data();
  EXPECT_EQ(a.unshare().data(), before);
  const shared_buffer b = a;
  EXPECT_FALSE(a.try_writable_bytes().has_value());
  a.unshare()[0] = std::byte{'x'};
  EXPECT_EQ(b.data()[0], std::byte{'a'});
  EXPECT_TRUE(a.unique() && b.unique());
}

TEST(SharedBuffer, ConstBytesAreNeverWritable) {
  const std::array<std::byte, 2> memory{std::byte{1}, std::byte{2}};
  auto b = shared_buffer::adopt(std::span<const std::byte>(memory), [](const std::byte*, std::size_t) {});
  EXPECT_FALSE(b.try_writable_bytes().has_value());
  b.unshare()[0] = std::byte{9};
  EXPECT_EQ(memory[0], std::byte{1});
}

TEST(SharedBuffer, MovedFromAndDefaultHandlesAreEmpty) {
  shared_buffer a = shared_buffer::copy_of(bytes_of("abc"));
  const shared_buffer b = std::move(a);
  EXPECT_TRUE(a.empty() && a.use_count() == 0);
  EXPECT_EQ(b.size(), 3u);
  EXPECT_TRUE(shared_buffer().unique() && shared_buffer().slice(0).empty());
}

TEST(SharedBufferPreconditions, WritingWhatOthersSeeTraps) {
  shared_buffer a = shared_buffer::allocate(1);
  const shared_buffer b = a;
  EXPECT_DEATH((void)a.writable_bytes(), "shared or read-only");
  EXPECT_DEATH((void)a.slice(2), "beyond size");
}

// For ThreadSanitizer: readers drop their handles, the writer writes once it is alone.
TEST(SharedBuffer, SeeingItselfUniqueOrdersTheReadersBefore) {
  for (int round = 0; round < 50; ++round) {
    shared_buffer writer = shared_buffer::copy_of(bytes_of(std::string(256, 'a')));
    std::vector<std::thread> readers;
    for (int i = 0; i < 3; ++i) {
      readers.emplace_back([handle = writer] {
        const shared_buffer mine = handle.slice(static_cast<std::size_t>(handle.size() / 2));
        for (const std::byte b : mine.bytes()) EXPECT_EQ(b, std::byte{'a'});
      });
    }
    bool wrote = false;
    while (!wrote) {
      if (const auto bytes = writer.try_writable_bytes()) {
        for (std::byte& b : *bytes) b = std::byte{'b'};
        wrote = true;
      } else {
        std::this_thread::yield();
      }
    }
    for (auto& reader : readers) reader.join();
  }
}

}  // namespace
