#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "diff/explanation.hpp"
#include "stats/verdict.hpp"
#include "store/result_file.hpp"

namespace deft::report {

/// How much longer head took where nothing was profiled.
struct measured_difference {
  diff::change change;
  /// Whether the profiled processes differ as much: within the intervals of both and the floor, since being
  /// sampled takes time, too.
  bool agrees = false;
};

/// Why a benchmark changed, and what that was told from.
struct explained {
  diff::explanation why;
  const diff::profile_rounds* rounds = nullptr;  ///< Of the result file.
  std::optional<measured_difference> measured = std::nullopt;
};

/// By the benchmark's name; those without paired profiles are not in it.
using explanations = std::map<std::string, explained, std::less<>>;

/// Of a benchmark of the file, which has paired profiles.
diff::explanation explain(const store::benchmark& benchmark, const store::result_file& file);

/// Absent where the benchmark was profiled, but not measured, or measured in other time than the processor's,
/// or where there are too few rounds to compare.
std::optional<measured_difference> measured_beside(const store::benchmark& benchmark,
                                                   const diff::explanation& why);

/// A pure function of the file, which must outlive the result: an older file gives what this version makes of
/// it.
explanations explain_all(const store::result_file& file);

/// The function that made a benchmark slower or faster, for a sentence. All empty where there is none.
struct culprit {
  std::string how;       ///< "slower" or "faster".
  std::string function;  ///< Its short name, as it is.
  std::string how_much;  ///< " (+12.3 ns of 60.1 ns)", and how many others.

  /// "made slower by hash_part (+12.3 ns of 60.1 ns)".
  std::string text() const;

  /// The same behind a sentence or half of one; the sentence alone where there is none.
  std::string after(std::string_view reason) const;
};

/// Of a regression the function whose own time grew most, of an improvement the one whose shrank most.
culprit culprit_of(const diff::explanation& why, stats::verdict v);
/// Where profiles are all there is, they say themselves which it was.
culprit culprit_of(const explanations& why, std::string_view benchmark, stats::verdict v);

/// "+12.3 ns", "−3.10 µs".
std::string signed_time(double ns);

}  // namespace deft::report
