/// @file
/// Which instruction set the compiled kernels use, chosen once at run time.
///
/// The environment variable `DEFT_ISA=scalar|sse2|avx2|avx512` caps the choice: the path taken is the best
/// one the machine supports that is not above it. An unset, empty or unknown value caps nothing. `sse2` is
/// the plain code as compiled for the x86-64 baseline and takes the same path as `scalar`. Where deft was
/// built without Highway, or for another architecture, the plain code is the only path. Every path gives the
/// same answers.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>

namespace deft::detail {

/// In ascending order of capability.
enum class isa : std::uint8_t { scalar, sse2, avx2, avx512 };

inline constexpr std::array all_isas{isa::scalar, isa::sse2, isa::avx2, isa::avx512};

/// The name under which `path` is known to DEFT_ISA.
[[nodiscard]] auto isa_name(isa path) noexcept -> std::string_view;

/// True if this machine and this build can run `path`.
[[nodiscard]] auto is_supported(isa path) noexcept -> bool;

/// The best supported path not above the one that `name` names; the best of all for any other name.
[[nodiscard]] auto choose_isa(std::string_view name) noexcept -> isa;

// 255: not chosen yet.
extern std::atomic<std::uint8_t> chosen_isa;

/// Reads DEFT_ISA on first use; safe from several threads at once, which all choose the same.
auto choose_isa_once() noexcept -> isa;

/// The path that kernels take now.
[[nodiscard]] inline auto active_isa() noexcept -> isa {
  const std::uint8_t chosen = chosen_isa.load(std::memory_order_relaxed);
  return chosen == 255 ? choose_isa_once() : static_cast<isa>(chosen);
}

/// Forces a supported path while it lives, for tests and fuzz targets that compare all paths in one process.
/// Kernels that other threads run meanwhile take either path.
class scoped_isa {
 public:
  explicit scoped_isa(isa path) noexcept;
  ~scoped_isa();
  scoped_isa(const scoped_isa&) = delete;
  auto operator=(const scoped_isa&) -> scoped_isa& = delete;

 private:
  isa before_;
};

}  // namespace deft::detail
