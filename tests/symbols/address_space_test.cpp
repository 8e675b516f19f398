#include "symbols/address_space.hpp"

#include <gtest/gtest.h>

namespace deft::symbols {
namespace {

mapped_range range(std::uint64_t size, std::uint64_t offset, const char* path) {
  return {size, offset, path, nullptr};
}

std::string at(const address_space& space, std::uint64_t address) {
  std::uint64_t start = 0;
  const mapped_range* found = space.find(address, start);
  return found == nullptr ? "" : found->path + "+" + std::to_string(address - start + found->file_offset);
}

TEST(AddressSpace, FindsWhatIsMappedAndNothingBesideIt) {
  address_space space;
  space.map(1000, range(100, 5000, "a"));
  EXPECT_EQ(at(space, 999), "");
  EXPECT_EQ(at(space, 1000), "a+5000");
  EXPECT_EQ(at(space, 1099), "a+5099");
  EXPECT_EQ(at(space, 1100), "");
}

TEST(AddressSpace, LaterMappingsReplaceTheMiddleTheStartAndTheEndOfEarlierOnes) {
  address_space space;
  space.map(1000, range(100, 0, "a"));
  space.map(1040, range(20, 0, "b"));
  EXPECT_EQ(at(space, 1039), "a+39");
  EXPECT_EQ(at(space, 1040), "b+0");
  EXPECT_EQ(at(space, 1060), "a+60");
  space.map(990, range(20, 0, "c"));
  EXPECT_EQ(at(space, 1009), "c+19");
  EXPECT_EQ(at(space, 1010), "a+10");
  space.map(1090, range(50, 0, "d"));
  EXPECT_EQ(at(space, 1089), "a+89");
  EXPECT_EQ(at(space, 1090), "d+0");
  space.map(900, range(1000, 0, "e"));
  EXPECT_EQ(at(space, 1040), "e+140");
}

TEST(AddressSpace, IgnoresEmptyMappingsAndThoseThatWrapAround) {
  address_space space;
  space.map(1000, range(0, 0, "a"));
  space.map(~std::uint64_t{0} - 10, range(100, 0, "b"));
  EXPECT_EQ(at(space, 1000), "");
  EXPECT_EQ(at(space, ~std::uint64_t{0} - 5), "");
}

}  // namespace
}  // namespace deft::symbols
