#pragma once

#include "profile/agent/recorder.hpp"

namespace deft::profile::agent {

/// The variable that names the ring's file.
inline constexpr char ring_variable[] = "DEFT_AGENT_RING";

/// Finds the ring that `deft profile` made, and begins to record into it. False where there is none: the
/// library was preloaded by something else, or nobody reads any more; it then does nothing at all.
bool join_session(recorder& to) noexcept;

}  // namespace deft::profile::agent
