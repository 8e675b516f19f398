#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "cli/progress.hpp"
#include "store/result_file.hpp"
#include "support/result.hpp"

namespace deft::cli {

/// A built version of the repository, and how the report calls it.
struct built_version {
  std::filesystem::path tree;
  std::string label;     ///< "abc1234 (2026-11-20)"
  std::string revision;  ///< Full hash.
};

/// The two versions of --rev. While this lives, so do the work trees; they are removed with it, also after an
/// interrupt.
class built_revisions {
 public:
  /// `revisions` is "REV..REV2" or "REV", which stands for REV and the work tree of the current folder as it
  /// is, changes and all. Commits are built in work trees of their own in the temporary folder, the work tree
  /// where it is.
  static support::result<built_revisions> make(const std::string& revisions, const std::string& build_command,
                                               progress& watch);

  built_revisions(built_revisions&&) noexcept;
  ~built_revisions();

  const built_version& base() const noexcept { return base_; }

  const built_version& head() const noexcept { return head_; }

 private:
  struct trees;
  explicit built_revisions(std::unique_ptr<trees> owned);

  std::unique_ptr<trees> trees_;
  built_version base_;
  built_version head_;
};

}  // namespace deft::cli
