#include "tests/symbols/subject.hpp"

#include <cstdlib>

#include "deft/profile/detail/scope_layout.hpp"

namespace subject {
namespace {

struct call {
  visitor visit;
  void* state;
};

thread_local call current;

__attribute__((noinline)) int compare_and_visit(const void* left, const void* right) {
  if (current.visit != nullptr) current.visit(current.state);
  current.visit = nullptr;
  return *static_cast<const int*>(left) - *static_cast<const int*>(right);
}

__attribute__((always_inline)) inline void inner_inlined(int* numbers, std::size_t count) {
  std::qsort(numbers, count, sizeof *numbers, compare_and_visit);
}

__attribute__((always_inline)) inline void outer_inlined(int* numbers, std::size_t count) {
  inner_inlined(numbers, count);
  asm volatile("" : : "r"(numbers) : "memory");
}

__attribute__((noinline)) void static_function(visitor visit, void* state) {
  visit(state);
  asm volatile("" : : : "memory");
}

template <class Value>
struct visiting {
  __attribute__((always_inline)) visiting(visitor visit, void* state) {
    visit(state);
    asm volatile("" : : : "memory");
  }
};

// As the words of a deft::profile::scope are written, from outside of it.
void open_scope(volatile deft::profile::detail::scope_words& words, const char* name, std::uint64_t order) {
  words.check = deft::profile::detail::scope_check(reinterpret_cast<std::uint64_t>(&words));
  words.name = reinterpret_cast<std::uint64_t>(name);
  words.order = order;
}

__attribute__((noinline)) void with_one_scope(visitor visit, void* state) {
  volatile deft::profile::detail::scope_words words{};
  open_scope(words, scope_names[2], 3);
  static_function(visit, state);
  words.check = 0;
}

}  // namespace

__attribute__((noinline)) void from_scopes(visitor visit, void* state) {
  // In neither order of their addresses are they as they were opened.
  volatile deft::profile::detail::scope_words words[3]{};
  open_scope(words[2], scope_names[0], 1);
  open_scope(words[0], scope_names[1], 2);
  open_scope(words[1], "closed scope", 4);
  words[1].check = 0;
  with_one_scope(visit, state);
  asm volatile("" : : "r"(&words) : "memory");
}

__attribute__((noinline)) void from_inlined_and_callback(visitor visit, void* state) {
  current = {visit, state};
  int numbers[] = {3, 1, 2};
  outer_inlined(numbers, 3);
}

__attribute__((noinline)) void from_recursion(int depth, visitor visit, void* state) {
  if (depth == 0) {
    visit(state);
  } else {
    from_recursion(depth - 1, visit, state);
  }
  asm volatile("" : : : "memory");
}

__attribute__((noinline)) void from_static_function(visitor visit, void* state) {
  static_function(visit, state);
  asm volatile("" : : : "memory");
}

__attribute__((noinline)) void from_inlined_constructor(visitor visit, void* state) {
  const visiting<int> object(visit, state);
  asm volatile("" : : "r"(&object) : "memory");
}

}  // namespace subject
