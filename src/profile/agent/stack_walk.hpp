#pragma once

#include <cstddef>
#include <cstdint>

#include "profile/agent/eh_frame.hpp"
#include "profile/agent/module_finder.hpp"

namespace deft::profile::agent {

/// What a walk needs and finds. Too large for a signal's stack.
struct walk_buffers {
  std::uint64_t* addresses = nullptr;  ///< Room for `most_addresses`.
  std::uint64_t* scopes = nullptr;     ///< Room for `most_scopes` pairs.
  frame_rule rule;
  rule_workspace workspace;
};

struct walk_result {
  std::uint32_t addresses = 0;  ///< Innermost first: an instruction, then return addresses.
  std::uint32_t scopes = 0;     ///< Pairs: into the addresses, and the address of the name.
  bool rooted = false;          ///< The outermost frame of the thread was reached.
};

/// A thread's own stack, as far as it has been found to be readable: it stays so while the thread lives.
/// Asking the kernel again for each sample would take most of a sample's time.
struct known_stack {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
};

/// Told of each image that has a frame on the stack; images may come again.
struct image_listener {
  void* context = nullptr;
  void (*met)(void* context, const loaded_image& image) noexcept = nullptr;
};

/// Walks the stack that starts with these registers, to its root or where it cannot be followed. Frames whose
/// code is in [hidden_from, hidden_to) are followed and not reported. `stack` is the calling thread's. For
/// signal handlers; any number of threads at once.
walk_result walk_stack(frame_registers registers, std::uint64_t hidden_from, std::uint64_t hidden_to,
                       const image_listener& listener, walk_buffers& buffers, known_stack& stack) noexcept;

}  // namespace deft::profile::agent
