// What the fuzz targets sorted_set, sorted_list and sorted_map, and tests/sorted/sorted_tree_model_test.cpp,
// apply operations to: one list for each container, of types that differ in how the container keeps and
// finds them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "fuzz/op_source.hpp"
#include "tests/support_types/faults.hpp"

namespace deft_fuzz {

/// `most` is how many elements there may be.
/// @returns The number of operations applied.
using tree_run_function = long(std::span<const std::uint8_t> operations, std::size_t most);

struct tree_run {
  const char* name;
  tree_run_function* run;
};

// Each compiled by itself, or beside one other.
tree_run_function set_of_u64, set_of_records, set_of_short_text, set_of_long_text, set_of_throwing_move_only;
tree_run_function list_of_double, list_of_i32_descending, list_of_views, list_of_long_text,
    list_of_over_aligned, list_of_throwing_move;
tree_run_function map_of_u64, map_of_i32, map_of_short_text, map_of_records, map_of_throwing_move_only;

inline constexpr tree_run sorted_set_runs[] = {{"u64", set_of_u64},
                                               {"record", set_of_records},
                                               {"short_text", set_of_short_text},
                                               {"long_text", set_of_long_text},
                                               {"throwing_move_only", set_of_throwing_move_only}};
inline constexpr tree_run sorted_list_runs[] = {{"double", list_of_double},
                                                {"i32_descending", list_of_i32_descending},
                                                {"string_view", list_of_views},
                                                {"long_text", list_of_long_text},
                                                {"over_aligned", list_of_over_aligned},
                                                {"throwing_move", list_of_throwing_move}};
inline constexpr tree_run sorted_map_runs[] = {{"u64", map_of_u64},
                                               {"i32", map_of_i32},
                                               {"short_text", map_of_short_text},
                                               {"record", map_of_records},
                                               {"throwing_move_only", map_of_throwing_move_only}};

/// `Driver` applied to operations, after which nothing is left.
template <typename Driver>
long run_tree(std::span<const std::uint8_t> bytes, std::size_t most) {
  const long alive = deft_test::faults::alive;
  const long allocated = deft_test::faults::allocated;
  op_source in(bytes);
  const long count = Driver(in, most).run();
  DEFT_FUZZ_CHECK(deft_test::faults::alive == alive && deft_test::faults::allocated == allocated);
  return count;
}

/// One input of a fuzz target: its first byte chooses the types, the rest are operations.
inline void run_one(std::span<const tree_run> runs, std::span<const std::uint8_t> bytes) {
  constexpr std::size_t most = 2000;  // a tree of three levels, and still thousands of inputs a second
  if (!bytes.empty()) runs[bytes[0] % runs.size()].run(bytes.subspan(1), most);
}

}  // namespace deft_fuzz
