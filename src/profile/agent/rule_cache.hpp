#pragma once

#include <atomic>
#include <cstdint>

#include "profile/agent/eh_frame.hpp"
#include "profile/agent/stack_memory.hpp"

namespace deft::profile::agent {

/// A rule as nearly all frames have it: CFA = register + offset, the return address below it, and some of
/// rbx, rbp, r12 to r15 below the CFA. Two words, so that the cache need not lock.
class short_rule {
 public:
  short_rule() = default;

  /// False where the rule is of another kind.
  static bool shorten(const frame_rule& rule, short_rule& result) noexcept;

  /// As `follow` does for the whole rule.
  step apply(stack_memory& memory, frame_registers& registers, std::uint64_t& frame_end) const noexcept;

  std::uint64_t first_word() const noexcept { return cfa_; }

  std::uint64_t second_word() const noexcept { return saved_; }

  short_rule(std::uint64_t first, std::uint64_t second) noexcept : cfa_(first), saved_(second) {}

 private:
  std::uint64_t cfa_ = 0;    // bits 0-31: offset, 32-36: register, 37: there is no caller, 38: it is a rule
  std::uint64_t saved_ = 0;  // ten bits a register: words below the CFA, or 0 where it is the same
};

/// Short rules by address. A lost race forgets a rule, and never mixes two: each entry's three words vouch
/// for one another.
class rule_cache {
 public:
  bool find(std::uint64_t key, short_rule& rule) const noexcept {
    const entry& at = entries_[slot_of(key)];
    const std::uint64_t first = at.first.load(std::memory_order_relaxed);
    const std::uint64_t second = at.second.load(std::memory_order_relaxed);
    rule = short_rule(first, second);
    return at.check.load(std::memory_order_relaxed) == check_of(key, first, second) && first != 0;
  }

  void keep(std::uint64_t key, const short_rule& rule) noexcept {
    entry& at = entries_[slot_of(key)];
    at.first.store(rule.first_word(), std::memory_order_relaxed);
    at.second.store(rule.second_word(), std::memory_order_relaxed);
    at.check.store(check_of(key, rule.first_word(), rule.second_word()), std::memory_order_relaxed);
  }

 private:
  struct entry {
    std::atomic<std::uint64_t> first;
    std::atomic<std::uint64_t> second;
    std::atomic<std::uint64_t> check;
    std::uint64_t unused;  // four words: half a cache line
  };

  static constexpr unsigned bits = 12;  // 128 KiB; a profile meets a few thousand addresses

  static std::uint64_t mix(std::uint64_t word) noexcept {
    word *= 0x9e3779b97f4a7c15ULL;
    return word ^ word >> 29;
  }

  static std::size_t slot_of(std::uint64_t key) noexcept {
    return static_cast<std::size_t>(key * 0x9e3779b97f4a7c15ULL >> (64 - bits));
  }

  static std::uint64_t check_of(std::uint64_t key, std::uint64_t first, std::uint64_t second) noexcept {
    return mix(mix(mix(key) ^ first) ^ second);
  }

  entry entries_[std::size_t{1} << bits];
};

}  // namespace deft::profile::agent
