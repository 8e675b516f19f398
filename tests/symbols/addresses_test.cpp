#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/files.hpp"
#include "symbols/loaded_module.hpp"
#include "symbols/stack_resolver.hpp"
#include "tests/symbols/own_stack.hpp"
#include "tests/symbols/resolved.hpp"
#include "tests/symbols/subject.hpp"

namespace deft::symbols {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using testing::resolve;
using testing::resolved;

constexpr std::size_t plenty = std::size_t{256} * 1024;

void take_addresses(void* sample) {
  *static_cast<stack_sample*>(sample) = testing::addresses_of_own_stack();
}

void take_copy(void* sample) {
  *static_cast<stack_sample*>(sample) = testing::sample_own_stack(plenty);
}

struct both {
  stack_sample copy;
  stack_sample addresses;
};

void take_both(void* samples) {
  take_copy(&static_cast<both*>(samples)->copy);
  take_addresses(&static_cast<both*>(samples)->addresses);
  asm volatile("" ::: "memory");  // a call, and no jump that would leave this function out
}

// From the root to the function that took them.
std::vector<std::string> names_below(const resolved& of, const std::string& last) {
  std::vector<std::string> names = of.names();
  names.resize(std::min(names.size(), of.position(last) + 1));
  return names;
}

TEST(Addresses, AreNamedAsTheStackCopyOfTheSameMoment) {
  both samples;
  subject::from_inlined_and_callback(take_both, &samples);
  const resolved by_addresses = resolve(samples.addresses);
  EXPECT_THAT(by_addresses.names(), Contains("main"));
  EXPECT_EQ(names_below(by_addresses, "take_both"), names_below(resolve(samples.copy), "take_both"));
}

TEST(Addresses, AreRootedWhereTheirCollectorSaysSo) {
  stack_sample sample;
  subject::from_static_function(take_addresses, &sample);
  EXPECT_TRUE(resolve(sample).sample.rooted);
  sample.addresses_rooted = false;
  EXPECT_FALSE(resolve(sample).sample.rooted);
}

TEST(Addresses, AreCutWhereAStackIsDeeperThanAnyoneReads) {
  stack_sample sample;
  subject::from_static_function(take_addresses, &sample);
  sample.addresses.resize(100'000, sample.addresses.back());
  const resolved result = resolve(sample);
  EXPECT_FALSE(result.sample.rooted);
  EXPECT_LT(result.frames.size(), 5000U);
}

volatile std::sig_atomic_t handled = 0;
stack_sample in_handler;
std::uint64_t interrupted_at = 0;

void on_signal(int, siginfo_t*, void* context) {
  take_addresses(&in_handler);
#if defined(__x86_64__)
  interrupted_at = static_cast<std::uint64_t>(static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_RIP]);
#else
  interrupted_at = static_cast<ucontext_t*>(context)->uc_mcontext.pc;
#endif
  handled = 1;
}

// The frame that a signal interrupted is at its first byte: one less would be another function.
TEST(Addresses, AfterASignalFrameAreInstructionsAndNoReturns) {
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP()
      << "ThreadSanitizer minds that this handler allocates; the signal comes where that does no harm";
#endif
  struct sigaction action{};
  struct sigaction before{};
  action.sa_sigaction = on_signal;
  action.sa_flags = SA_SIGINFO;
  ASSERT_EQ(::sigaction(SIGUSR1, &action, &before), 0);
  ::raise(SIGUSR1);
  ::sigaction(SIGUSR1, &before, nullptr);
  ASSERT_EQ(handled, 1);
  const auto interrupted =
      std::find(in_handler.addresses.begin(), in_handler.addresses.end(), interrupted_at);
  ASSERT_NE(interrupted, in_handler.addresses.end());

  stack_resolver resolver;
  const recording mappings = testing::own_mappings();
  stack_sample only;  // as if the function that was interrupted had been interrupted at its first instruction
  only.pid = in_handler.pid;
  only.time_ns = 1;
  only.addresses.assign(in_handler.addresses.begin(), interrupted);
  const auto start = reinterpret_cast<std::uint64_t>(&subject::from_static_function);
  only.addresses.push_back(start);
  EXPECT_EQ(resolve(resolver, mappings, only).frames.front().function,
            "subject::from_static_function(void (*)(void*), void*)");
  only.addresses.assign({start + 1, start});  // called from there: the call is before it
  EXPECT_NE(resolve(resolver, mappings, only).frames.front().function,
            "subject::from_static_function(void (*)(void*), void*)");
}

TEST(Addresses, CarryWhatFoldingNeeds) {
  stack_sample sample = testing::addresses_of_own_stack();
  sample.cause = sample_cause::allocation;
  sample.weight = 3;
  sample.bytes = 4096;
  sample.objects = 17;
  const resolved_sample result = resolve(sample).sample;
  EXPECT_EQ(result.cause, sample_cause::allocation);
  EXPECT_EQ(result.weight, 3U);
  EXPECT_EQ(result.bytes, 4096U);
  EXPECT_EQ(result.objects, 17U);
  EXPECT_EQ(result.tid, sample.tid);
}

TEST(Leaf, IsTheInterruptedInstructionAtItsLinkTimeAddress) {
  both samples;
  subject::from_static_function(take_both, &samples);
  for (const stack_sample& sample : {samples.copy, samples.addresses}) {
    stack_resolver resolver;
    const resolved result = resolve(resolver, testing::own_mappings(), sample);
    ASSERT_NE(result.sample.leaf_module, 0U);
    loaded_module& module = resolver.module(result.sample.leaf_module);
    EXPECT_EQ(module.file().name(), result.frames.back().module);
    EXPECT_EQ(module.frames_at(result.sample.leaf_address).back().function, result.frames.back().function);
  }
}

TEST(Leaf, IsNoneInTheKernelAndOutsideOfFiles) {
  stack_sample sample = testing::addresses_of_own_stack();
  sample.in_kernel = true;
  EXPECT_EQ(resolve(sample).sample.leaf_module, 0U);
  sample = testing::addresses_of_own_stack();
  sample.addresses = {0x1000};
  EXPECT_EQ(resolve(sample).sample.leaf_module, 0U);
}

class Kernel : public ::testing::Test {
 protected:
  Kernel() {
    const std::string path = (folder_->path() / "kallsyms").string();
    std::ofstream(path)
        << "ffffffff81000000 T entry\nffffffff81000100 T do_read\nffffffff81000200 T copy.isra.0\n";
    resolver_ = stack_resolver({.debug_path = "", .kernel_symbols = path});
  }

  std::vector<std::string> tip(std::vector<std::uint64_t> kernel_addresses) {
    stack_sample sample = testing::addresses_of_own_stack();
    sample.in_kernel = true;
    sample.kernel_addresses = std::move(kernel_addresses);
    const resolved result = resolve(resolver_, testing::own_mappings(), sample);
    std::vector<std::string> names;
    for (const frame& f : result.frames) {
      if (f.module == "[kernel]") names.push_back(f.function);
    }
    EXPECT_EQ(result.frames.back().module, "[kernel]");
    return names;
  }

  support::result<support::temporary_folder> folder_ = support::temporary_folder::make("kernel");
  stack_resolver resolver_;
};

TEST_F(Kernel, FunctionsStandAtTheTipOfTheStackByName) {
  EXPECT_THAT(tip({0xffffffff81000200, 0xffffffff81000200, 0xffffffff81000010}),
              ElementsAre("entry", "do_read", "copy"));
}

TEST_F(Kernel, IsOneFrameWhereItsAddressesAreNotKnown) {
  EXPECT_THAT(tip({}), ElementsAre("[kernel]"));
  EXPECT_THAT(tip({0x10, 0x20, 0x30}), ElementsAre("[kernel]"));
  EXPECT_THAT(tip({0x10, 0x20, 0xffffffff81000010}), ElementsAre("entry", "[kernel]"));
}

std::size_t scope_at(const resolved& result, std::size_t which) {
  const auto found = std::find_if(result.frames.begin(), result.frames.end(), [&](const frame& f) {
    return f.function == subject::scope_names[which] && f.module == "[scope]";
  });
  return static_cast<std::size_t>(found - result.frames.begin());
}

TEST(Scopes, InAStackCopyStandBetweenTheFunctionThatHoldsThemAndWhatItCalls) {
  stack_sample sample;
  subject::from_scopes(take_copy, &sample);
  const resolved result = resolve(sample);
  const std::size_t holder = result.position("subject::from_scopes");
  ASSERT_LT(holder + 5, result.frames.size()) << ::testing::PrintToString(result.names());
  EXPECT_EQ(scope_at(result, 0), holder + 1) << ::testing::PrintToString(result.names());
  EXPECT_EQ(scope_at(result, 1), holder + 2);
  EXPECT_EQ(result.position("with_one_scope"), holder + 3);
  EXPECT_EQ(scope_at(result, 2), holder + 4);
  EXPECT_EQ(result.position("static_function"), holder + 5);
  EXPECT_EQ(result.position("closed scope"), result.frames.size());
}

TEST(Scopes, ThatWereMovedOrAreDeadAreNone) {
  stack_sample sample;
  subject::from_scopes(take_copy, &sample);
  stack_sample shifted = sample;  // the same words, eight bytes higher
  shifted.stack.insert(shifted.stack.begin(), 8, std::uint8_t{0});
  EXPECT_EQ(scope_at(resolve(shifted), 0), resolve(shifted).frames.size());
  stack_sample later;  // the frames that held them have returned
  subject::from_static_function(take_copy, &later);
  EXPECT_EQ(scope_at(resolve(later), 2), resolve(later).frames.size());
}

TEST(Scopes, WithoutAReadableNameAreLeftOut) {
  stack_sample sample = testing::addresses_of_own_stack();
  const std::size_t without = resolve(sample).frames.size();
  std::string on_the_heap = "a name that is in no file";
  static const char control[] = "first line\nsecond line";
  for (const std::uint64_t name :
       {std::uint64_t{0}, std::uint64_t{1}, ~std::uint64_t{0},
        reinterpret_cast<std::uint64_t>(on_the_heap.data()), reinterpret_cast<std::uint64_t>(control)}) {
    sample.scopes = {{.frame = 0, .name_address = name}};
    EXPECT_EQ(resolve(sample).frames.size(), without);
  }
}

TEST(Scopes, OfAddressesStandBehindTheirFrame) {
  stack_sample sample;
  subject::from_static_function(take_addresses, &sample);
  const resolved plain = resolve(sample);
  const auto name = [](std::size_t which) {
    return reinterpret_cast<std::uint64_t>(subject::scope_names[which]);
  };
  const std::size_t depth = sample.addresses.size();
  sample.scopes = {{.frame = 0, .name_address = name(0)},
                   {.frame = 0, .name_address = name(1)},
                   {.frame = static_cast<std::uint32_t>(depth - 1), .name_address = name(2)},
                   {.frame = static_cast<std::uint32_t>(depth), .name_address = name(2)}};
  const resolved result = resolve(sample);
  ASSERT_EQ(result.frames.size(), plain.frames.size() + 3);
  EXPECT_EQ(scope_at(result, 2), 1U);
  EXPECT_EQ(scope_at(result, 0), result.frames.size() - 2);
  EXPECT_EQ(scope_at(result, 1), result.frames.size() - 1);
}

}  // namespace
}  // namespace deft::symbols
