#include "tests/formats/sample_profiles.hpp"

namespace deft::tests {
namespace {

void count_samples(symbols::stack_profile& profile) {
  profile.samples = 0;
  for (const symbols::folded_stack& stack : profile.stacks) profile.samples += stack.count;
}

store::profile_file file_with(symbols::stack_profile profile) {
  store::profile_file file;
  file.deft_version = "0.1.0";
  file.created = "2026-11-22T07:30:00Z";
  file.command = "./program --its 'options'";
  file.ended = "exit code 0";
  file.duration_seconds = 12.75;
  file.machine = {"A processor", 2, 4'000'000'000, "Linux 6.1", "Debian", "available"};
  file.profile = std::move(profile);
  count_samples(file.profile);
  return file;
}

}  // namespace

store::profile_file cpu_profile() {
  symbols::stack_profile profile;
  profile.collector = "perf_event cpu-clock + user stack copies";
  profile.note = "a note";
  profile.frequency_hz = 199;
  profile.lost = 3;
  profile.unrooted = 2;
  profile.threads = {
      {100, 100, "program", "program"}, {100, 101, "worker/1", "program"}, {102, 102, "", "child"}};
  profile.frames = {{"_start", "program", "", 0, false},                                            // 0
                    {"main", "program", "main.cpp", 30, false},                                     // 1
                    {"sort<int, std::less<int> >(int*, int*)", "program", "sort.hpp", 12, false},   // 2
                    {"swap<int>(int&, int&)", "program", "sort.hpp", 3, true},                      // 3
                    {"std::less<int>::operator()(int, int) const", "program", "stl.h", 400, true},  // 4
                    {"malloc", "libc.so.6", "malloc.c", 3200, false},                               // 5
                    {"malloc", "libfast.so", "", 0, false},                                         // 6
                    {"[libz.so.1+0x12f0]", "libz.so.1", "", 0, false},                              // 7
                    {"operator;(odd)\n%3B 12", "program", "odd file.cpp", 7, false},                // 8
                    {"walk(node*)", "program", "tree.cpp", 5, false},                               // 9
                    {"visit(node*)", "program", "tree.cpp", 9, false},                              // 10
                    {"clone3", "libc.so.6", "", 0, false},                                          // 11
                    {"swap<int>(int&, int&)", "program", "sort.hpp", 3, false},                     // 12
                    {"operator% (a, b)", "program", "", 0, false},                                  // 13
                    {"entry_SYSCALL_64", "[kernel]", "", 0, false}};                                // 14
  profile.stacks = {{{0, 1}, 5, 0, 0},
                    {{0, 1, 2}, 100, 0, 0},
                    {{0, 1, 2, 3}, 40, 0, 0},
                    {{0, 1, 2, 3, 4}, 31, 0, 0},
                    {{0, 1, 2, 12}, 2, 0, 0},
                    {{0, 1, 2, 2, 2, 3}, 17, 0, 0},
                    {{0, 1, 5}, 9, 0, 0},
                    {{0, 1, 6}, 8, 0, 0},
                    {{0, 1, 5, 14}, 1, 0, 0},
                    {{0, 1, 8}, 6, 0, 0},
                    {{0, 1, 13, 7}, 4, 0, 0},
                    {{11, 9}, 11, 0, 1},
                    {{11, 9, 10, 9, 10, 9}, 13, 0, 1},
                    {{11, 9, 10, 9, 10, 5}, 7, 0, 1},
                    {{11, 9, 9, 9, 3, 9}, 3, 0, 1},
                    {{0, 1, 2}, 50, 0, 2},
                    {{7}, 2, 0, 2}};
  return file_with(std::move(profile));
}

store::profile_file later_cpu_profile() {
  store::profile_file file = cpu_profile();
  file.profile.stacks[1].count += 60;
  file.profile.stacks[13].count += 5;
  file.profile.stacks.erase(file.profile.stacks.begin() + 9);
  count_samples(file.profile);
  return file;
}

store::profile_file allocation_profile() {
  symbols::stack_profile profile;
  profile.kind = symbols::profile_kind::allocation;
  profile.collector = "preloaded agent";
  profile.frames = {{"main", "program", "main.cpp", 30, false},
                    {"std::vector<int>::push_back(int&&)", "program", "vector.h", 1200, true},
                    {"operator new(unsigned long)", "libstdc++.so.6", "", 0, false}};
  profile.stacks = {{{0, 2}, 3, 1'000'001, 0}, {{0, 1, 2}, 70, 123, 0}, {{0}, 1, 4096, 0}};
  return file_with(std::move(profile));
}

store::profile_file off_cpu_profile() {
  symbols::stack_profile profile;
  profile.kind = symbols::profile_kind::off_cpu;
  profile.collector = "ptrace";
  profile.threads = {{7, 7, "main", "program"}, {7, 8, "reader", "program"}};
  profile.frames = {{"main", "program", "main.cpp", 30, false},
                    {"read", "libc.so.6", "read.c", 20, false},
                    {"pthread_cond_wait", "libc.so.6", "", 0, false}};
  profile.stacks = {{{0, 1}, 12, 5'000'000'017, 0}, {{0, 2}, 1, 3, 1}, {{2}, 4, 777, 1}};
  return file_with(std::move(profile));
}

store::profile_file counts_only() {
  symbols::stack_profile profile;
  profile.collector = "imported from collapsed stacks";
  profile.frames = {{"a", "", "", 0, false}, {"b", "", "", 0, false}};
  profile.stacks = {{{0}, 1, 0, 0}, {{0, 1}, 2, 0, 0}, {{1, 0, 1}, 3, 0, 0}};
  return file_with(std::move(profile));
}

store::profile_file empty_profile() {
  return file_with({});
}

}  // namespace deft::tests
