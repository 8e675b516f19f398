// Compiled with optimisation: where it stops, parts of the containers are nowhere any more.
#include <utility>
#include <vector>

#include "deft/sorted/flat_map.hpp"
#include "deft/sorted/flat_set.hpp"

#include "tests/sorted/gdb_printers_program.hpp"

void show_what_is_gone() {
  deft::flat_set<int> gone(deft::sorted_unique, std::vector<int>{1, 2});
  const std::vector<int> taken = std::move(gone).extract();
  deft::flat_map<int, int> emptied(deft::sorted_unique, std::vector<int>{1, 2}, std::vector<int>{10, 20});
  const auto columns = std::move(emptied).extract();
  stop();
  keep(taken.data());
  keep(columns.keys.data());
}
