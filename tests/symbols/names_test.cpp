// Names, inlining and bounds compared with what binutils say of the same files.

#include <algorithm>
#include <cstdio>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "symbols/demangle.hpp"
#include "symbols/loaded_module.hpp"
#include "tests/symbols/command_output.hpp"

namespace deft::symbols {
namespace {

using testing::output_of;
using testing::plugin;

struct listed_symbol {
  std::uint64_t address = 0;
  std::uint64_t size = 0;
  std::string name;
};

// Functions in the symbol table, as readelf lists them.
std::vector<listed_symbol> functions_of(const std::string& path) {
  std::vector<listed_symbol> functions;
  for (const std::string& line : output_of("readelf -sW '" + path + "'")) {
    std::istringstream in(line);
    std::string number;
    std::string type;
    std::string binding;
    std::string visibility;
    std::string section;
    std::string size;
    listed_symbol symbol;
    in >> number >> std::hex >> symbol.address >> size >> type >> binding >> visibility >> section >>
        symbol.name;
    if (!in || type != "FUNC" || section == "UND") continue;
    symbol.size = std::stoull(size, nullptr, 0);
    if (symbol.size > 0) functions.push_back(symbol);
  }
  return functions;
}

std::string in_hexadecimal(std::uint64_t number) {
  char text[32];
  std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(number));
  return text;
}

class Names : public ::testing::TestWithParam<const char*> {
 protected:
  std::string path() const {
    return std::string(GetParam()).starts_with('/') ? GetParam() : plugin(GetParam());
  }
};

TEST_P(Names, OfFunctionsAndTheirBoundsAreThoseOfReadelf) {
  const auto file = module_file::open(path());
  ASSERT_NE(file, nullptr);
  const elf_symbols symbols(file->handle());
  const std::vector<listed_symbol> listed = functions_of(path());
  ASSERT_GT(listed.size(), 2U);
  const std::size_t stride = 1 + listed.size() / 500;
  for (std::size_t i = 0; i < listed.size(); i += stride) {
    const listed_symbol& each = listed[i];
    for (const std::uint64_t address : {each.address, each.address + each.size - 1}) {
      const auto range = symbols.function_range(address);
      ASSERT_TRUE(range) << each.name;
      EXPECT_LE(range->start, address);
      EXPECT_GT(range->end, address);
      // Another name of the same place, or of a place within, is as right.
      const std::string found(symbols.name_at(address));
      const auto is_name = [&](const std::string& name) {
        return name.substr(0, name.find('@')) == found.substr(0, found.find('@'));
      };
      EXPECT_TRUE(is_name(each.name) || std::any_of(listed.begin(), listed.end(),
                                                    [&](const listed_symbol& s) {
                                                      return is_name(s.name) && address >= s.address &&
                                                             address < s.address + s.size;
                                                    }))
          << each.name << " is called " << found;
    }
  }
}

std::string without_parameters(const std::string& name) {
  constexpr std::string_view unnamed = "(anonymous namespace)";
  std::size_t at = name.find('(');
  while (at != std::string::npos && name.compare(at, unnamed.size(), unnamed) == 0)
    at = name.find('(', at + unnamed.size());
  return name.substr(0, at);
}

TEST_P(Names, AndDepthOfInliningAreThoseOfAddr2line) {
  const auto file = module_file::open(path());
  ASSERT_NE(file, nullptr);
  loaded_module module(module_file::open(path()));
  std::vector<std::uint64_t> addresses;
  for (const listed_symbol& each : functions_of(path())) {
    if (!file->is_code(each.address) || addresses.size() > 300) continue;
    for (std::uint64_t at = 0; at < std::min<std::uint64_t>(each.size, 64); at += 8)
      addresses.push_back(each.address + at);
  }
  std::string command = DEFT_ADDR2LINE " -a -i -f -e '" + path() + "'";
  for (const std::uint64_t address : addresses) command += " " + in_hexadecimal(address);
  // "0x0000000000001120", then for each function, innermost first, its name and "file:line".
  std::vector<std::vector<std::string>> expected;
  for (const std::string& line : output_of(command)) {
    if (line.starts_with("0x")) {
      expected.emplace_back();
    } else {
      expected.back().push_back(line);
    }
  }
  ASSERT_EQ(expected.size(), addresses.size());
  std::size_t compared = 0;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    if (expected[i].size() < 2 || expected[i][1].starts_with("??")) continue;
    const std::vector<frame> found = module.frames_at(addresses[i]);
    EXPECT_EQ(found.size(), expected[i].size() / 2) << in_hexadecimal(addresses[i]);
    const std::string physical = expected[i][expected[i].size() - 2];
    // Of functions without a linker's name of their own addr2line knows the last part only.
    EXPECT_THAT(without_parameters(found.front().function),
                ::testing::EndsWith(without_parameters(demangle(physical))))
        << in_hexadecimal(addresses[i]);
    ++compared;
  }
  EXPECT_GT(compared, 5U);
}

INSTANTIATE_TEST_SUITE_P(Of, Names, ::testing::Values("plugin_1.so", "plugin_2.so", DEFT_TEST_SELF),
                         [](const auto& instance) {
                           const std::string name = base_name(instance.param);
                           return name.substr(0, name.find('.'));
                         });

TEST(Names, OfCodeThatTheLinkerRemovedAreNotTakenForCodeAtLowAddresses) {
  loaded_module module(module_file::open(DEFT_TEST_SELF));
  ASSERT_FALSE(module.file().is_code(0x10));
  EXPECT_TRUE(module.scopes().frames_at(0x10).empty());
}

}  // namespace
}  // namespace deft::symbols
