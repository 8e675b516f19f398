/// @file
/// What the tests of concurrency run with: every policy, values in the table and values in nodes.
#pragma once

#include <cstdint>
#include <string>

#include <gtest/gtest.h>

#include "deft/memo/concurrent_cache.hpp"
#include "deft/memo/policy.hpp"

namespace deft::test {

/// Keys and values that lie in the table.
template <typename Policy>
struct numbers {
  using cache_type = concurrent_cache<std::uint64_t, std::uint64_t, Policy>;

  static std::uint64_t key(int n) { return static_cast<std::uint64_t>(n); }

  static std::uint64_t value(int n) { return static_cast<std::uint64_t>(n); }

  static int number(std::uint64_t value) { return static_cast<int>(value); }
};

/// Keys and values that lie in nodes.
template <typename Policy>
struct texts {
  using cache_type = concurrent_cache<std::string, std::string, Policy>;

  static std::string key(int n) {
    return "a key that does not fit into the string itself: " + std::to_string(n);
  }

  static std::string value(int n) { return std::string(40, ' ') + std::to_string(n); }

  static int number(const std::string& value) { return std::stoi(value); }
};

using every_policy =
    testing::Types<numbers<policy::fifo>, numbers<policy::lru>, numbers<policy::clock>,
                   numbers<policy::sieve>, numbers<policy::s3_fifo>, numbers<policy::tiny_lfu>,
                   numbers<policy::unbounded>, texts<policy::lru>, texts<policy::s3_fifo>>;

struct policy_names {
  template <typename T>
  static std::string GetName(int i) {
    constexpr const char* names[] = {"fifo",     "lru",       "clock",     "sieve",        "s3_fifo",
                                     "tiny_lfu", "unbounded", "texts_lru", "texts_s3_fifo"};
    return names[i];
  }
};

}  // namespace deft::test
