// Profiles out of decisions: everything that the types allow, names that formats must not trip over first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "fuzz/op_source.hpp"
#include "store/profile_file.hpp"

namespace deft_fuzz {

inline std::string any_name(op_source& in) {
  static const std::vector<std::string> awkward = {"main",
                                                   "std::map<int, a>::operator[](int&&)",
                                                   "operator new(unsigned long)",
                                                   "a;b",
                                                   " ",
                                                   "tail ",
                                                   "x 12",
                                                   "",
                                                   "two\nlines",
                                                   "\t\r",
                                                   "%3B",
                                                   "%",
                                                   "100%",
                                                   "\"quoted\\\"",
                                                   "caf\xc3\xa9",
                                                   "\xff\xfe",
                                                   "\x1b[31m",
                                                   "</script>",
                                                   "(2)",
                                                   "fn=(1) x",
                                                   "[libc.so.6+0x1]",
                                                   "[unnamed]"};
  const int choice = in.below(64);
  if (choice < static_cast<int>(awkward.size())) return awkward[static_cast<std::size_t>(choice)];
  std::string bytes(static_cast<std::size_t>(in.below(12)), ' ');
  for (char& c : bytes) c = static_cast<char>(in.byte());
  return bytes;
}

inline std::uint64_t any_number(op_source& in) {
  switch (in.below(8)) {
    case 0:
      return 0;
    case 1:
      return in.raw<std::uint32_t>() >> 8;
    default:
      return in.byte();
  }
}

/// Numbers stay so small that no sum overflows.
inline deft::store::profile_file any_profile(op_source& in) {
  deft::store::profile_file file;
  file.deft_version = any_name(in);
  file.created = in.below(2) == 0 ? "2026-11-22T07:30:00Z" : any_name(in);
  file.command = any_name(in);
  file.ended = any_name(in);
  file.duration_seconds = in.below(3) == 0 ? 1.5 : static_cast<double>(any_number(in));
  auto& p = file.profile;
  p.kind = static_cast<deft::symbols::profile_kind>(in.below(4));
  p.collector = any_name(in);
  p.note = any_name(in);
  p.unavailable = in.below(8) == 0 ? any_name(in) : "";
  p.frequency_hz = static_cast<std::uint32_t>(in.below(3) == 0 ? 0 : any_number(in));
  p.discarded = any_number(in);
  p.lost = any_number(in);
  const bool by_thread = in.below(2) == 0;
  for (int n = by_thread ? 1 + in.below(3) : 0; n > 0; --n) {
    p.threads.push_back({.pid = static_cast<std::uint32_t>(any_number(in)),
                         .tid = static_cast<std::uint32_t>(any_number(in)),
                         .name = any_name(in),
                         .process = any_name(in)});
  }
  for (int n = in.below(6); n > 0; --n) {
    p.frames.push_back({.function = any_name(in),
                        .module = any_name(in),
                        .file = any_name(in),
                        .line = static_cast<std::uint32_t>(any_number(in)),
                        .inlined = in.below(2) == 0});
  }
  const bool valued = in.below(2) == 0;
  for (int n = in.below(8); n > 0; --n) {
    deft::symbols::folded_stack stack;
    for (int k = p.frames.empty() ? 0 : in.below(5); k > 0; --k) {
      stack.frames.push_back(static_cast<std::uint32_t>(in.below(static_cast<int>(p.frames.size()))));
    }
    stack.count = any_number(in);
    stack.value = valued ? any_number(in) : 0;
    if (by_thread) stack.thread = static_cast<std::uint32_t>(in.below(static_cast<int>(p.threads.size())));
    p.samples += stack.count;
    p.stacks.push_back(std::move(stack));
  }
  p.unrooted = p.samples == 0 ? 0 : any_number(in) % p.samples;
  return file;
}

/// What every format keeps: how much was seen of each sequence of functions, root first.
using function_weights = std::map<std::vector<std::string>, std::uint64_t>;

template <typename Weight>
function_weights weights_of(const deft::symbols::stack_profile& profile, Weight weight) {
  function_weights sums;
  for (const auto& stack : profile.stacks) {
    std::vector<std::string> names;
    for (const std::uint32_t frame : stack.frames) names.push_back(profile.frames.at(frame).function);
    sums[names] += weight(stack);
  }
  std::erase_if(sums, [](const auto& entry) { return entry.second == 0; });
  return sums;
}

inline function_weights counts_of(const deft::symbols::stack_profile& profile) {
  return weights_of(profile, [](const auto& stack) { return stack.count; });
}

inline void check_indices(const deft::symbols::stack_profile& profile) {
  for (const auto& stack : profile.stacks) {
    for (const std::uint32_t frame : stack.frames) DEFT_FUZZ_CHECK(frame < profile.frames.size());
    DEFT_FUZZ_CHECK(profile.threads.empty() ? stack.thread == 0 : stack.thread < profile.threads.size());
  }
}

}  // namespace deft_fuzz
