#pragma once

#include <cstdint>

#include "profile/agent/eh_frame.hpp"

namespace deft::profile::agent {

/// Reads this process' memory where it is there, and finds out where it is not: nothing that a damaged stack
/// or a wrong rule points to can crash us. A page is asked for once (60 ns) as long as the reading goes on
/// upwards from where it began. For one walk: memory may be unmapped afterwards.
class stack_memory {
 public:
  stack_memory() = default;

  /// With a range that is known to be readable for as long as this object is used.
  stack_memory(std::uint64_t from, std::uint64_t to) noexcept : from_(from), to_(to) {}

  /// What has been found to be readable, as far as it hangs together.
  std::uint64_t known_from() const noexcept { return from_; }

  std::uint64_t known_to() const noexcept { return to_; }

  /// False where the word cannot be read.
  bool read(std::uint64_t address, std::uint64_t& word) noexcept;

  /// Whether all of [from, to) can be read.
  bool readable(std::uint64_t from, std::uint64_t to) noexcept;

  /// To be followed by `follow`.
  word_reader reader() noexcept { return {this, &read_for}; }

 private:
  static bool read_for(void* self, std::uint64_t address, std::uint64_t& word) noexcept {
    return static_cast<stack_memory*>(self)->read(address, word);
  }

  // What is known to be readable.
  std::uint64_t from_ = 0;
  std::uint64_t to_ = 0;
};

/// Finds out how this kernel tells what can be read. Call once, before the first reading.
void prepare_stack_memory() noexcept;

}  // namespace deft::profile::agent
