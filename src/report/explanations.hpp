#pragma once

#include <functional>
#include <map>
#include <string>

#include "diff/explanation.hpp"
#include "stats/verdict.hpp"
#include "store/result_file.hpp"

namespace deft::report {

/// Why a benchmark changed, and what that was told from.
struct explained {
  diff::explanation why;
  const diff::profile_rounds* rounds = nullptr;  ///< Of the result file.
};

/// By the benchmark's name; those without paired profiles are not in it.
using explanations = std::map<std::string, explained, std::less<>>;

/// A pure function of the file, which must outlive the result: an older file gives what this version makes of
/// it.
explanations explain_all(const store::result_file& file);

/// The same of one benchmark; nothing may have been found out.
diff::explanation explanation_of(const store::benchmark& benchmark, const store::result_file& file);

/// The function that made a benchmark slower or faster, for a sentence. All three empty where there is none.
struct culprit {
  std::string before;    ///< "made slower by "
  std::string function;  ///< Its short name, as it is.
  std::string after;     ///< " (+12.3 ns of 60.1 ns)", and how many others.

  std::string text() const { return before + function + after; }
};

/// Of a regression the function whose own time grew most, of an improvement the one whose shrank most.
culprit culprit_of(const diff::explanation& why, stats::verdict v);

/// "+12.3 ns", "−3.10 µs".
std::string signed_time(double ns);

}  // namespace deft::report
