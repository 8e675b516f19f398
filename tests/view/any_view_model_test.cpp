// The programs of the fuzz target, from random bytes.
#include "fuzz/view/any_view_model.hpp"

#include <cstdint>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace {

TEST(AnyViewModel, RandomProgramsShowWhatTheModelShows) {
  std::mt19937_64 random(1);
  for (int program = 0; program < 3000; ++program) {
    std::vector<std::uint8_t> bytes(std::uniform_int_distribution<std::size_t>(20, 900)(random));
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
    SCOPED_TRACE(program);
    deft_fuzz::any_view_program(bytes).run();
  }
}

}  // namespace
