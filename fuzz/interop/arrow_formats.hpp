// The formats of Arrow that fuzzed arrays have, and how the memory of each lies.
#pragma once

#include <cstdint>
#include <cstring>
#include <limits>

namespace deft_fuzz::arrow {

enum class memory : unsigned char {
  none,
  bits,
  fixed,
  texts32,
  texts64,
  views,
  structs,
  repeats,
  lists32,
  lists64,
  junk
};

struct type_row {
  const char* format;
  memory lies;
  std::int64_t width;  // of fixed: bytes; of repeats: rows
  bool integer = false;
  bool unaligned = false;  // may lie anywhere
};

inline constexpr type_row types[] = {{"n", memory::none, 0},
                                     {"b", memory::bits, 0},
                                     {"c", memory::fixed, 1, true},
                                     {"C", memory::fixed, 1, true},
                                     {"s", memory::fixed, 2, true},
                                     {"S", memory::fixed, 2, true},
                                     {"i", memory::fixed, 4, true},
                                     {"I", memory::fixed, 4, true},
                                     {"l", memory::fixed, 8, true},
                                     {"L", memory::fixed, 8, true},
                                     {"e", memory::fixed, 2},
                                     {"f", memory::fixed, 4},
                                     {"g", memory::fixed, 8},
                                     {"u", memory::texts32, 0},
                                     {"U", memory::texts64, 0},
                                     {"z", memory::texts32, 0},
                                     {"Z", memory::texts64, 0},
                                     {"vu", memory::views, 16},
                                     {"vz", memory::views, 16},
                                     {"w:0", memory::fixed, 0, false, true},
                                     {"w:3", memory::fixed, 3, false, true},
                                     {"d:10,2", memory::fixed, 16, false, true},
                                     {"d:9,-2,32", memory::fixed, 4, false, true},
                                     {"tdD", memory::fixed, 4},
                                     {"tdm", memory::fixed, 8},
                                     {"ttm", memory::fixed, 4},
                                     {"ttn", memory::fixed, 8},
                                     {"tsn:", memory::fixed, 8},
                                     {"tsu:Europe/Berlin", memory::fixed, 8},
                                     {"tDs", memory::fixed, 8},
                                     {"tin", memory::fixed, 16, false, true},
                                     {"+s", memory::structs, 0},
                                     {"+s", memory::structs, 0},
                                     {"+w:0", memory::repeats, 0},
                                     {"+w:1", memory::repeats, 1},
                                     {"+w:3", memory::repeats, 3},
                                     {"+w:2147483647", memory::repeats, 2147483647},
                                     {"+l", memory::lists32, 0},
                                     {"+L", memory::lists64, 0},
                                     {"", memory::junk, 0},
                                     {"x", memory::junk, 0},
                                     {"w:", memory::junk, 0},
                                     {"w:-0", memory::junk, 0},
                                     {"w:99999999999", memory::junk, 0},
                                     {"+w:", memory::junk, 0},
                                     {"+w:1x", memory::junk, 0},
                                     {"ts", memory::junk, 0},
                                     {"tsn", memory::junk, 0},
                                     {"tsx:", memory::junk, 0},
                                     {"d:", memory::junk, 0},
                                     {"d:1", memory::junk, 0},
                                     {"d:1,2,7", memory::junk, 0},
                                     {"+ud:0", memory::junk, 0},
                                     {"+m", memory::junk, 0},
                                     {"+r", memory::junk, 0},
                                     {"tdX", memory::junk, 0},
                                     {"vx\n", memory::junk, 0}};

inline constexpr int type_count = static_cast<int>(sizeof types / sizeof types[0]);
inline constexpr int structs = 31;
static_assert(types[structs].lies == memory::structs);
inline constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
inline constexpr std::int64_t largest =
    1000;  // what lists of lists come to is cut there; only the extremes are beyond
inline constexpr std::int64_t extremes[] = {-1, std::numeric_limits<std::int64_t>::min(), most, most - 1,
                                            std::int64_t{1} << 62};

inline const type_row* row_of(const char* format) {
  for (const type_row& row : types) {
    if (format != nullptr && std::strcmp(row.format, format) == 0)
      return row.lies == memory::junk ? nullptr : &row;
  }
  return nullptr;
}

inline bool is_list(const type_row& type) {
  return type.lies == memory::lists32 || type.lies == memory::lists64;
}

inline bool is_wide(const type_row& type) {
  return type.lies == memory::texts64 || type.lies == memory::lists64;
}

}  // namespace deft_fuzz::arrow
