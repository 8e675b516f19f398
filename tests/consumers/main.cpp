// What every consumer project builds: enough of deft to need its headers, its templates and its compiled
// kernels.
#include <cstdint>
#include <cstdio>
#include <vector>

#include "deft/sorted/bisect.hpp"
#include "deft/sorted/sorted_vector.hpp"

int main() {
  const std::vector<std::uint64_t> sorted{1, 2, 2, 5, 8};
  const std::vector<std::uint64_t> needles{0, 2, 9};
  std::vector<std::size_t> positions(needles.size());
  deft::bisect_left_many(sorted, needles, positions);

  deft::sorted_vector<int> numbers{3, 1, 2};
  numbers.insert(2);

  const bool right = deft::bisect_right(sorted, std::uint64_t{2}) == 3 &&
                     positions == std::vector<std::size_t>{0, 1, 5} && numbers.size() == 4 &&
                     numbers[0] == 1 && numbers[3] == 3;
  std::puts(right ? "deft works" : "deft gives a wrong answer");
  return right ? 0 : 1;
}
