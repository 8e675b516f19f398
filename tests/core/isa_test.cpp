#include "src/core/isa.hpp"

#include <cstdlib>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace {

using deft::detail::active_isa;
using deft::detail::all_isas;
using deft::detail::choose_isa;
using deft::detail::is_supported;
using deft::detail::isa;
using deft::detail::isa_name;
using deft::detail::scoped_isa;

TEST(Isa, AlwaysSupportsThePlainPath) {
  EXPECT_TRUE(is_supported(isa::scalar));
}

TEST(Isa, SupportsEverythingBelowWhatItSupports) {
  bool above = false;
  for (auto path = all_isas.rbegin(); path != all_isas.rend(); ++path) {
    above = above || is_supported(*path);
    EXPECT_EQ(is_supported(*path), above) << isa_name(*path);
  }
}

TEST(Isa, ChoosesTheNamedPathWhereItIsSupported) {
  for (const isa path : all_isas) {
    if (!is_supported(path)) continue;
    EXPECT_EQ(choose_isa(isa_name(path)), path);
  }
}

TEST(Isa, ChoosesTheBestPathNotAboveTheNamedOne) {
  for (const isa path : all_isas) {
    const isa chosen = choose_isa(isa_name(path));
    EXPECT_LE(chosen, path);
    EXPECT_TRUE(is_supported(chosen));
  }
}

TEST(Isa, AnUnknownNameCapsNothing) {
  EXPECT_EQ(choose_isa("AVX"), choose_isa("avx512"));
  EXPECT_EQ(choose_isa(""), choose_isa("avx512"));
}

TEST(Isa, FollowsTheEnvironment) {
  const char* requested = std::getenv("DEFT_ISA");
  EXPECT_EQ(active_isa(), choose_isa(requested != nullptr ? requested : ""));
}

TEST(Isa, IsTheSameInAllThreads) {
  const isa expected = active_isa();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back([expected] { EXPECT_EQ(active_isa(), expected); });
  for (std::thread& thread : threads) thread.join();
}

TEST(ScopedIsa, ForcesAPathWhileItLives) {
  const isa before = active_isa();
  {
    const scoped_isa forced(isa::scalar);
    EXPECT_EQ(active_isa(), isa::scalar);
  }
  EXPECT_EQ(active_isa(), before);
}

}  // namespace
