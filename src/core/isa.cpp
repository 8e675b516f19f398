#include "core/isa.hpp"

#include <cstdlib>

#include "deft/core/contracts.hpp"

namespace deft::detail {

namespace {

auto machine_supports(isa path) noexcept -> bool {
  if (path == isa::scalar) return true;
#if defined(__x86_64__) || defined(__i386__)
  if (path == isa::sse2) return __builtin_cpu_supports("sse2");
#if DEFT_HAS_HIGHWAY
  // What Highway's AVX2 and AVX3 targets let the compiler use.
  const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                        __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
                        __builtin_cpu_supports("popcnt");
  if (path == isa::avx2) return has_avx2;
  return has_avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512cd");
#endif
#endif
  return false;
}

auto requested_isa() noexcept -> std::string_view {
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
  return "scalar";  // A crash must not depend on the environment; targets go through the paths themselves.
#else
  const char* value = std::getenv("DEFT_ISA");
  return value != nullptr ? value : "";
#endif
}

}  // namespace

// Constant-initialised, so that kernels work in the constructors of other translation units' globals.
constinit std::atomic<std::uint8_t> chosen_isa{255};

auto isa_name(isa path) noexcept -> std::string_view {
  constexpr std::array<std::string_view, 4> names{"scalar", "sse2", "avx2", "avx512"};
  return names[static_cast<std::uint8_t>(path)];
}

auto is_supported(isa path) noexcept -> bool {
  return machine_supports(path);
}

auto choose_isa(std::string_view name) noexcept -> isa {
  isa best = isa::scalar;
  for (const isa path : all_isas) {
    if (is_supported(path)) best = path;
    if (name == isa_name(path)) break;
  }
  return best;
}

auto choose_isa_once() noexcept -> isa {
  const isa path = choose_isa(requested_isa());
  std::uint8_t not_chosen = 255;
  chosen_isa.compare_exchange_strong(not_chosen, static_cast<std::uint8_t>(path), std::memory_order_relaxed);
  return path;
}

scoped_isa::scoped_isa(isa path) noexcept : before_(active_isa()) {
  DEFT_PRECONDITION(is_supported(path), "the machine does not support this instruction set");
  chosen_isa.store(static_cast<std::uint8_t>(path), std::memory_order_relaxed);
}

scoped_isa::~scoped_isa() {
  chosen_isa.store(static_cast<std::uint8_t>(before_), std::memory_order_relaxed);
}

}  // namespace deft::detail
