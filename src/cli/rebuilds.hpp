#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "cli/progress.hpp"
#include "support/result.hpp"

namespace deft::cli {

/// Builds of one program that differ by nothing but their layout. While this lives, so do they, beside the
/// program; the program itself is put back as it was with the end of this, also after an interrupt.
class rebuilds {
 public:
  /// Runs `build` in the current folder, once as it is and then once for each variant, with the program
  /// (`path`) taken away before, so that it has to be linked again, and another linker in the compiler's
  /// way. An error if the linker was not used or made the same bytes again.
  static support::result<rebuilds> make(const std::string& build, const std::string& path,
                                        std::uint32_t variants, std::uint64_t seed, progress& watch);

  rebuilds(rebuilds&&) noexcept;
  ~rebuilds();

  /// The build as it was first, then the variants.
  const std::vector<std::string>& programs() const noexcept;

 private:
  struct files;
  explicit rebuilds(std::unique_ptr<files> owned);

  std::unique_ptr<files> files_;
};

}  // namespace deft::cli
