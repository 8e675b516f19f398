#pragma once

#include <optional>
#include <span>
#include <string>

#include "cli/command_line.hpp"
#include "store/layout_file.hpp"
#include "store/result_file.hpp"
#include "support/result.hpp"

namespace deft::cli {

/// The layout floor of the file; nothing if `path` is empty.
support::result<std::optional<store::layout_file>> optional_floor(const std::string& path);

/// An error that names the file if it was learnt of other benchmarks than all of these, or on a machine with
/// another processor.
support::result<void> check_floor(const store::layout_file& floor, const std::string& path,
                                  std::span<const std::string> benchmarks, const store::machine& here);

void apply_floor(store::result_file& file, const stats::layout_floor& learnt);

/// Decides anew about what was compared and did not fail, if that is wanted, then applies the floor, if there
/// is one. The decisions about what failed, or is in one program only, stay.
support::result<void> judge_again(store::result_file& file, const rejudging& wish);

}  // namespace deft::cli
