#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "diff/explanation.hpp"
#include "diff/profile_rounds.hpp"

namespace deft::tests {

/// Profiles in which every round is the same: what is told depends on the number of samples only.
class profiles {
 public:
  explicit profiles(std::size_t rounds = 12, double base_ns = 1000, double head_ns = 1000);

  /// Samples of each process of a side in a call path, "main;run;f". The first mention of a name makes its
  /// frame; a name with "@inline" behind is inlined there, and one with "@x.cpp:12" has that place.
  profiles& base(std::string_view path, std::uint32_t samples);
  profiles& head(std::string_view path, std::uint32_t samples);
  profiles& both(std::string_view path, std::uint32_t base_samples, std::uint32_t head_samples);

  /// With what one iteration takes where every sample stands for `ns`.
  diff::profile_rounds with_ns_a_sample(double ns) const;

  const diff::profile_rounds& rounds() const noexcept { return rounds_; }

 private:
  std::vector<std::uint32_t> frames(std::string_view path);

  diff::profile_rounds rounds_;
};

/// What follows from them where a sample is a nanosecond.
diff::explanation explained(const profiles& p);

/// Whether one of the notes has that text in it.
bool noted(const diff::explanation& e, std::string_view text);

/// The function of that name; a failure where there is none, or more than one.
const diff::compared_function& function(const diff::explanation& e, std::string_view name);

/// The names behind `slower`, `faster` or `callers`.
std::vector<std::string> names(const diff::explanation& e, const std::vector<std::uint32_t>& functions);

/// The names of all functions of which anything is significant, and those at significant nodes; sorted, each
/// once.
std::vector<std::string> coloured(const diff::explanation& e);

}  // namespace deft::tests
