#include "layout/padding_object.hpp"

#include <cstring>
#include <set>

#include <elf.h>
#include <gtest/gtest.h>

#include "support/files.hpp"

namespace deft::layout {
namespace {

std::string own_header() {
  const auto self = support::read_file("/proc/self/exe");
  return self ? self->substr(0, 64) : std::string();
}

TEST(PaddingObject, IsForTheMachineOfTheSample) {
  const std::string sample = own_header();
  const auto object = padding_object(sample, {32, 48, 64, 80});
  ASSERT_TRUE(object);
  Elf64_Ehdr theirs{};
  Elf64_Ehdr ours{};
  std::memcpy(&theirs, sample.data(), sizeof theirs);
  std::memcpy(&ours, object->data(), sizeof ours);
  EXPECT_EQ(ours.e_machine, theirs.e_machine);
  EXPECT_EQ(ours.e_type, ET_REL);
}

TEST(PaddingObject, HasSectionsOfTheSizesWanted) {
  const auto object = padding_object(own_header(), {32, 48, 64, 80});
  ASSERT_TRUE(object);
  Elf64_Ehdr header{};
  std::memcpy(&header, object->data(), sizeof header);
  ASSERT_EQ(header.e_shoff + header.e_shnum * sizeof(Elf64_Shdr), object->size());
  const std::uint64_t sizes[] = {0, 32, 48, 64, 80};
  for (std::size_t i = 0; i < std::size(sizes); ++i) {
    Elf64_Shdr section{};
    std::memcpy(&section, object->data() + header.e_shoff + i * sizeof section, sizeof section);
    EXPECT_EQ(section.sh_size, sizes[i]);
    EXPECT_EQ(section.sh_addralign, i == 0 ? 0U : 16U);
  }
}

TEST(PaddingObject, IsNoneForFilesThatAreNo64BitElf) {
  EXPECT_FALSE(padding_object("", {}));
  EXPECT_FALSE(padding_object(std::string(64, 'x'), {}));
  std::string narrow = own_header();
  narrow[EI_CLASS] = ELFCLASS32;
  EXPECT_FALSE(padding_object(narrow, {}));
  EXPECT_FALSE(padding_object(own_header().substr(0, 63), {}));
}

TEST(RandomSizes, DifferFromSeedToSeedAndKeepAlignment) {
  std::set<std::uint32_t> seen;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    measure::random_source random(seed);
    const padding_sizes sizes = random_sizes(random);
    EXPECT_EQ(sizes.code % 16, 0U);
    EXPECT_GT(sizes.code, 0U);
    EXPECT_GT(sizes.zeros, 0U);
    seen.insert(sizes.code);
  }
  EXPECT_GT(seen.size(), 15U);
}

}  // namespace
}  // namespace deft::layout
