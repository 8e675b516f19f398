#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "diff/profile_rounds.hpp"

namespace deft::diff {

/// How long something took per iteration, and whether it changed.
struct change {
  double base_ns = 0;
  double head_ns = 0;
  double low_ns = 0;         ///< Of head - base, with its confidence.
  double high_ns = 0;        ///< Likewise.
  double p_value = 1;        ///< Of "it changed by no more than the floor".
  bool significant = false;  ///< After control of the false-discovery rate over all that was tested with it.

  double delta_ns() const noexcept { return head_ns - base_ns; }
};

/// How a function of base was told to be one of head.
enum class function_match : std::uint8_t {
  same,                ///< The same name.
  template_arguments,  ///< The same but for template arguments, compiler suffixes (".constprop.0") or ABI
                       ///< tags.
  renamed,             ///< Another name at the same place of the same file, or under the same callers.
  only_base,
  only_head,
};

/// A function of either side, or of both.
struct compared_function {
  symbols::frame frame;   ///< Head's; base's where head has none.
  std::string base_name;  ///< Where it differs.
  function_match match = function_match::same;
  change self;   ///< What it took itself.
  change total;  ///< With all that it called, recursion counted once.
};

/// A call path: in preorder, the heaviest (base and head together) child first.
struct compared_node {
  std::uint32_t function = 0;  ///< Into `explanation::functions`.
  std::uint32_t depth = 0;     ///< 0 for outermost callers.
  double base_self_ns = 0;
  double head_self_ns = 0;
  change total;
};

/// Where the difference between base and head is. A pure function of the rounds.
struct explanation {
  std::string unavailable;  ///< Why nothing can be said; empty where something can.
  change whole;             ///< Of an iteration, in the profiled processes.
  double floor_ns = 0;      ///< Changes up to this are what rebuilding does, too: never significant.
  std::uint32_t rounds = 0;

  /// Whether there were rounds enough: else intervals have no width, and nothing is significant.
  bool tested() const noexcept;

  std::vector<compared_function> functions;
  std::vector<compared_node> nodes;
  std::vector<std::uint32_t> slower;   ///< Functions whose own time grew, by the growth; into `functions`.
  std::vector<std::uint32_t> faster;   ///< Likewise where it shrank.
  std::vector<std::uint32_t> callers;  ///< Of these, where their total changed with them; innermost first.
  std::vector<std::string> notes;      ///< What was matched by other means than its name; what was not.
};

/// With fewer rounds times are told, but nothing is tested.
inline constexpr std::uint32_t least_rounds_to_test = 4;

inline bool explanation::tested() const noexcept {
  return rounds >= least_rounds_to_test;
}

struct explain_settings {
  double band = 0.01;  ///< Of an iteration's time: the floor below which no change is told.
  double false_discoveries = 0.01;
  double confidence = 0.95;
};

/// Times only, nothing tested nor significant, where fewer than four rounds can be used; a note says so.
/// Input that fits nothing is left out, with a note. A setting that is no such value is the usual one.
/// Complexity: nodes times rounds, and what matching functions takes.
explanation explain(const profile_rounds& rounds, const explain_settings& settings);

}  // namespace deft::diff
