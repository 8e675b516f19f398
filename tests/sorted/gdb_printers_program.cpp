// What gdb_printers_test.py looks at: the locals of the functions that call stop(). This file is compiled
// without optimisation, gdb_printers_optimized.cpp with.
#include "tests/sorted/gdb_printers_program.hpp"

#include <compare>
#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "deft/sorted/counter.hpp"
#include "deft/sorted/flat_map.hpp"
#include "deft/sorted/flat_multimap.hpp"
#include "deft/sorted/flat_multiset.hpp"
#include "deft/sorted/flat_set.hpp"
#include "deft/sorted/frozen.hpp"
#include "deft/sorted/search_index.hpp"
#include "deft/sorted/sorted_list.hpp"
#include "deft/sorted/sorted_map.hpp"
#include "deft/sorted/sorted_set.hpp"
#include "deft/sorted/sorted_vector.hpp"

void stop() {
  asm volatile("" ::: "memory");
}

void keep(const void* what) {
  asm volatile("" ::"r"(what) : "memory");
}

namespace {

/// Has no printer of its own.
struct plain_vector : private std::vector<int> {
  using std::vector<int>::value_type;
  using std::vector<int>::difference_type;
  using std::vector<int>::size_type;
  using std::vector<int>::iterator;
  using std::vector<int>::const_iterator;
  using std::vector<int>::reference;
  using std::vector<int>::const_reference;
  using std::vector<int>::vector;
  using std::vector<int>::begin;
  using std::vector<int>::end;
  using std::vector<int>::size;
  using std::vector<int>::empty;
  using std::vector<int>::insert;
  using std::vector<int>::emplace;
  using std::vector<int>::erase;
  using std::vector<int>::clear;
  using std::vector<int>::max_size;

  void swap(plain_vector& other) noexcept { std::vector<int>::swap(other); }
};

/// Kept in boxes: its moves might throw.
struct boxed {
  int value;

  boxed(int v) : value(v) {}

  boxed(const boxed& other) : value(other.value) {}

  friend auto operator<=>(const boxed& a, const boxed& b) { return a.value <=> b.value; }
};

struct alignas(128) wide {
  int value;

  auto operator<=>(const wide&) const = default;
};

[[gnu::noinline]] void show_trees() {
  const deft::sorted_set<int> small{3, 1, 2};
  const deft::sorted_set<int> none;
  deft::sorted_set<long> many;
  for (long i = 0; i < 700; ++i) many.insert(i * 7 % 701);
  const deft::sorted_list<std::string> texts{"b", "a", "b"};
  deft::sorted_map<std::string, int> rows{{"Zoe", 7}, {"Ada", 36}};
  const deft::sorted_map<int, std::string, std::greater<>> falling{{1, "one"}, {2, "two"}};
  const deft::sorted_list<boxed> boxes{2, 1};
  const deft::sorted_map<wide, boxed> wides{{wide{4}, 40}, {wide{3}, 30}};
  const deft::sorted_map<int, deft::sorted_set<int>> in_trees{{1, {10}}, {2, {}}};
  const auto frozen = texts.freeze();
  const auto at_two = small.find(2);
  const auto at_end = small.end();
  const auto at_row = rows.find("Zoe");
  const deft::sorted_set<int>::iterator at_nothing;
  const auto old = many.begin();
  many.erase(0);
  stop();
  keep(&small), keep(&none), keep(&many), keep(&texts), keep(&rows), keep(&falling), keep(&boxes);
  keep(&wides), keep(&in_trees), keep(&frozen);
  keep(&at_two), keep(&at_end), keep(&at_row), keep(&at_nothing), keep(&old);
}

[[gnu::noinline]] void show_containers() {
  const deft::sorted_vector<int> numbers{3, 1, 2, 2};
  const deft::sorted_vector<std::string> empty;
  const deft::search_index<int> index(numbers.as_span());
  const deft::flat_set<std::string> names{"pear", "apple", "pear"};
  const deft::flat_multiset<int, std::greater<>, std::deque<int>> down{1, 2, 2, 3};
  const deft::flat_map<std::string, int> ages{{"Zoe", 7}, {"Ada", 36}};
  const deft::flat_map<int, deft::flat_set<int>> nested{{1, {10, 11}}, {2, {}}};
  const deft::flat_multimap<int, std::string, std::less<int>, std::deque<int>, std::deque<std::string>> words{
      {2, "two"}, {1, "one"}, {2, "deux"}};
  const deft::flat_set<int, std::less<int>, plain_vector> foreign{2, 1};
  const deft::flat_set<std::string>& reference = names;
  const deft::counter<char> letters{'b', 'a', 'b'};
  using alias = deft::flat_set<int>;
  const alias aliased{5};
  stop();
  keep(&numbers), keep(&empty), keep(&index), keep(&names), keep(&down), keep(&ages), keep(&nested),
      keep(&words);
  keep(&foreign), keep(&reference), keep(&letters), keep(&aliased);
}

}  // namespace

int main() {
  show_containers();
  show_trees();
  show_what_is_gone();
}
