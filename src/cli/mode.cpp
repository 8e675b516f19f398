#include "cli/mode.hpp"

namespace deft::cli {

using measure::method;

mode_choice choose_mode(const std::string& benchmark, const measure::contender& programs,
                        comparison_mode mode) {
  switch (mode) {
    case comparison_mode::workers:
      return {method::workers, "--mode says so"};
    case comparison_mode::same_core:
      return {method::same_core, "--mode says so"};
    case comparison_mode::duet:
      return {programs.head ? method::duet : method::workers, "--mode says so"};
    case comparison_mode::alternate:
      return {method::alternating, "--mode says so"};
    case comparison_mode::automatic:
      break;
  }
  const bool both = programs.base.worker && (!programs.head || programs.head->worker);
  const bool own = programs.base.own_benchmarks || (programs.head && programs.head->own_benchmarks);
  if (both && own) return {method::workers, "the program's benchmarks are deft::measure's"};
  if (measure::natural_method(benchmark) == method::alternating)
    return {method::alternating, "its name says that wall time counts, or several threads'"};
  // Programs with Google Benchmark could be driven, too, but set up anew before each batch (ADR 21).
  return {method::same_core, "one thread's processor time"};
}

const char* mode_word(method how) noexcept {
  switch (how) {
    case method::workers:
      return "workers";
    case method::same_core:
      return "same-core";
    case method::duet:
      return "duet";
    case method::alternating:
      return "alternate";
  }
  return "";
}

}  // namespace deft::cli
