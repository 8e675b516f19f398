// Walks against the C++ library's own unwinder, at every instruction of what is stepped through; and memory
// that is not there.

#include "profile/agent/stack_walk.hpp"

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>
#include <unwind.h>

#include "profile/agent/record_format.hpp"
#include "profile/agent/stack_memory.hpp"

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
#define DEFT_CHECKED_BUILD 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define DEFT_CHECKED_BUILD 1
#endif
#endif

namespace deft::profile::agent {
namespace {

constexpr std::size_t deepest = 200;

struct stepping {
  std::uint64_t stack[deepest];
  std::size_t depth;
  std::size_t most;
  std::size_t instructions;
  std::size_t compared;
  std::size_t unrooted;
  // The first that differs.
  bool differs;
  std::uint64_t ours[deepest];
  std::size_t our_depth;
  std::uint64_t theirs[deepest];
  std::size_t their_depth;
};

stepping state;
walk_buffers buffers;
known_stack stack;
std::uint64_t addresses[most_addresses];
std::uint64_t scopes[2 * most_scopes];

_Unwind_Reason_Code remember(_Unwind_Context* context, void*) {
  if (state.depth < deepest) state.stack[state.depth++] = static_cast<std::uint64_t>(_Unwind_GetIP(context));
  return _URC_NO_REASON;
}

constexpr greg_t trap_flag = 0x100;

void compare_walks(int, siginfo_t*, void* given) {
  auto* context = static_cast<ucontext_t*>(given);
  greg_t* const saved = context->uc_mcontext.gregs;
  if (++state.instructions >= state.most || state.differs) saved[REG_EFL] &= ~trap_flag;
  constexpr int by_number[register_count] = {REG_RAX, REG_RDX, REG_RCX, REG_RBX, REG_RSI, REG_RDI,
                                             REG_RBP, REG_RSP, REG_R8,  REG_R9,  REG_R10, REG_R11,
                                             REG_R12, REG_R13, REG_R14, REG_R15, REG_RIP};
  frame_registers registers;
  for (unsigned number = 0; number < register_count; ++number) {
    registers.set(number, static_cast<std::uint64_t>(saved[by_number[number]]));
  }
  buffers.addresses = addresses;
  buffers.scopes = scopes;
  const image_listener nobody{nullptr, [](void*, const loaded_image&) noexcept {}};
  const walk_result walked = walk_stack(registers, 0, 0, nobody, buffers, stack);
  if (!walked.rooted) ++state.unrooted;

  state.depth = 0;
  ::_Unwind_Backtrace(remember, nullptr);
  const std::uint64_t here = registers.value[return_address];
  const std::uint64_t* const begin = std::find(state.stack, state.stack + state.depth, here);
  const auto count = static_cast<std::size_t>(state.stack + state.depth - begin);
  // Theirs ends with a frame of address 0 behind the root.
  const std::size_t expected = count != 0 && begin[count - 1] == 0 ? count - 1 : count;
  ++state.compared;
  if (expected != walked.addresses || !std::equal(begin, begin + expected, addresses)) {
    state.differs = true;
    state.our_depth = std::min<std::size_t>(walked.addresses, deepest);
    std::copy_n(addresses, state.our_depth, state.ours);
    state.their_depth = expected;
    std::copy_n(begin, expected, state.theirs);
  }
}

template <class Code>
void step_through(std::size_t most, Code code) {
  prepare_stack_memory();
  state = {};
  state.most = most;
  struct sigaction action{};
  struct sigaction former{};
  action.sa_flags = SA_SIGINFO;
  action.sa_sigaction = compare_walks;
  ASSERT_EQ(::sigaction(SIGTRAP, &action, &former), 0);
  asm volatile("pushfq\n\torq $0x100, (%%rsp)\n\tpopfq" : : : "memory", "cc");
  code();
  asm volatile("pushfq\n\tandq $~0x100, (%%rsp)\n\tpopfq" : : : "memory", "cc");
  ::sigaction(SIGTRAP, &former, nullptr);
}

std::string text(const std::uint64_t* frames, std::size_t count) {
  std::string lines;
  char line[64];
  for (std::size_t i = 0; i < count; ++i) {
    std::snprintf(line, sizeof line, " %#llx", static_cast<unsigned long long>(frames[i]));
    lines += line;
  }
  return lines;
}

void expect_no_difference(std::size_t instructions) {
  EXPECT_FALSE(state.differs) << "ours:  " << text(state.ours, state.our_depth)
                              << "\ntheirs:" << text(state.theirs, state.their_depth);
  EXPECT_GE(state.compared, instructions);
  EXPECT_EQ(state.unrooted, 0U);
}

#ifdef DEFT_CHECKED_BUILD
#define DEFT_SKIP_STEPPING GTEST_SKIP() << "what is stepped through would be the checker"
#else
#define DEFT_SKIP_STEPPING static_cast<void>(0)
#endif

TEST(StackWalk, AgreesWithTheCxxLibraryAtEachInstructionOfASortWithCallbacks) {
  DEFT_SKIP_STEPPING;
  int numbers[12] = {5, 3, 9, 1, 7, 2, 8, 6, 4, 0, 11, 10};
  step_through(20'000, [&] {
    std::qsort(numbers, std::size(numbers), sizeof numbers[0], [](const void* a, const void* b) {
      return *static_cast<const int*>(a) - *static_cast<const int*>(b);
    });
  });
  expect_no_difference(500);
}

TEST(StackWalk, AgreesWithTheCxxLibraryInsideOfAllocationsPrintingAndTrees) {
  DEFT_SKIP_STEPPING;
  char line[200];
  step_through(20'000, [&] {
    std::map<std::string, int> tree;
    for (int i = 0; i < 12; ++i) {
      std::snprintf(line, sizeof line, "%d of %5.3f and %s", i, i * 1.7, "some text that is long enough");
      ++tree[line];
    }
  });
  expect_no_difference(10'000);
}

TEST(StackWalk, AgreesWithTheCxxLibraryWhileTheLinkerBindsASymbol) {
  DEFT_SKIP_STEPPING;
  // Its entry keeps the caller's registers in a frame of its own.
  step_through(60'000, [] { static_cast<void>(::getpgid(0)); });
  expect_no_difference(5);
}

TEST(StackWalk, AgreesWithTheCxxLibraryWhileAnExceptionIsThrown) {
  DEFT_SKIP_STEPPING;
  int caught = 0;
  step_through(15'000, [&] {
    try {
      throw std::runtime_error("to be walked through");
    } catch (const std::runtime_error&) {
      ++caught;
    }
  });
  EXPECT_EQ(caught, 1);
  // The unwinder itself, when it installs a frame, has no rules for it.
  EXPECT_GE(state.compared, 5000U);
}

TEST(StackMemory, ReadsWhatIsThereAndNothingElse) {
  prepare_stack_memory();
  const std::size_t page = 4096;
  auto* pages = static_cast<char*>(
      ::mmap(nullptr, 4 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  ASSERT_EQ(::mprotect(pages + 2 * page, page, PROT_NONE), 0);
  ASSERT_EQ(::munmap(pages + 3 * page, page), 0);
  const auto start = reinterpret_cast<std::uint64_t>(pages);
  pages[page + 8] = 42;
  stack_memory memory;
  std::uint64_t word = 1;
  EXPECT_TRUE(memory.read(start, word));
  EXPECT_EQ(word, 0U);
  EXPECT_TRUE(memory.read(start + page + 8, word));
  EXPECT_EQ(word, 42U);
  EXPECT_TRUE(memory.read(start + page - 3, word)) << "across two pages";
  EXPECT_FALSE(memory.read(start + 2 * page - 3, word)) << "half of it is forbidden";
  EXPECT_FALSE(memory.read(start + 2 * page, word));
  EXPECT_FALSE(memory.read(start + 3 * page, word));
  EXPECT_TRUE(memory.read(start + 16, word)) << "back again";
  for (const std::uint64_t nowhere :
       {std::uint64_t{0}, std::uint64_t{8}, std::uint64_t{0x800000000000}, ~std::uint64_t{0},
        ~std::uint64_t{7}, std::uint64_t{0xffffffff81000000}}) {
    EXPECT_FALSE(memory.read(nowhere, word)) << nowhere;
  }
  EXPECT_TRUE(memory.readable(start, start + 2 * page));
  EXPECT_FALSE(memory.readable(start, start + 2 * page + 1));
  ::munmap(pages, 3 * page);
  stack_memory again;
  EXPECT_FALSE(again.read(start, word));
}

}  // namespace
}  // namespace deft::profile::agent
