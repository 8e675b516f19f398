#pragma once

#include <string>

#include "store/result_file.hpp"

namespace deft::report {

/// Whether anything of the run was counted: else reports have no room for it.
bool has_counts(const store::result_file& file);

/// "40,009" where both sides, or the only one, did the same; "40,009 to 44,010 (+10.0 %)" where not; a dash
/// where one was not counted.
std::string instructions_of(const store::benchmark& benchmark, store::run_kind kind);

/// "3" or "2 to 3", for each iteration.
std::string allocations_of(const store::benchmark& benchmark, store::run_kind kind);

/// "1.20 KiB", for each iteration; of a single run.
std::string allocated_bytes_of(const store::benchmark& benchmark);

/// "142 KiB", at once; of a single run.
std::string peak_bytes_of(const store::benchmark& benchmark);

/// Why something was not counted, or empty: "not counted: valgrind is not installed".
std::string why_not_counted(const store::benchmark& benchmark);

/// "instructions 40,009, allocations 3": both figures, where anything was counted; else empty.
std::string work_phrase(const store::benchmark& benchmark);

}  // namespace deft::report
