#include "symbols/address_space.hpp"

#include <map>
#include <string>

#include <gtest/gtest.h>

#include "symbols/module_table.hpp"

namespace deft::symbols {
namespace {

mapped_range range(std::uint64_t size, std::uint64_t offset, const char* path) {
  static std::map<std::string, module_entry> modules;
  module_entry& module = modules[path];
  module.path = path;
  return {size, offset, &module};
}

std::string described(const mapped_range* found, std::uint64_t offset) {
  return found == nullptr ? "" : found->module->path + "+" + std::to_string(offset + found->file_offset);
}

std::string at(const address_space& space, std::uint64_t address) {
  std::uint64_t start = 0;
  const mapped_range* found = space.find(address, start);
  return described(found, address - start);
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

TEST(AddressSpace, FindsTheNeighboursOfAnAddressThatIsNotMapped) {
  address_space space;
  space.map(1000, range(100, 0, "a"));
  space.map(3000, range(100, 0, "b"));
  std::uint64_t start = 0;
  EXPECT_EQ(described(space.find_before(2000, start), 0), "a+0");
  EXPECT_EQ(start, 1000U);
  EXPECT_EQ(described(space.find_after(2000, start), 0), "b+0");
  EXPECT_EQ(start, 3000U);
  EXPECT_EQ(space.find_before(999, start), nullptr);
  EXPECT_EQ(space.find_after(3000, start), nullptr);
}

}  // namespace
}  // namespace deft::symbols
