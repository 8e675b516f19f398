// Runs something once for every instruction set path that this machine and this build have.
#pragma once

#include "core/isa.hpp"

namespace deft_fuzz {

template <typename Action>
void for_each_isa(Action action) {
  for (const auto path : deft::detail::all_isas) {
    if (!deft::detail::is_supported(path)) continue;
    const deft::detail::scoped_isa forced(path);
    action();
  }
}

}  // namespace deft_fuzz
