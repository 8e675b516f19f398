#pragma once

#include <cstddef>
#include <cstdint>

#include "profile/agent/eh_frame.hpp"

namespace deft::profile::agent {

/// A program or library as it is mapped here, or the code without one around an address.
struct loaded_image {
  std::uint64_t start =
      0;  ///< What is in [start, end) is its: all of it, or (of a program with gaps) a segment.
  std::uint64_t end = 0;
  std::uint64_t bias = 0;      ///< Added to link-time addresses.
  std::uint64_t header = 0;    ///< Of .eh_frame_hdr; 0 where it has none.
  std::uint64_t identity = 0;  ///< Another one for another file, even at the same place.
  image_bytes frames;          ///< Where its call frame information is.
  bool of_file = false;        ///< The dynamic linker knows it.

  bool contains(std::uint64_t address) const noexcept { return address >= start && address < end; }
};

/// What is mapped around this address by the dynamic linker; where that knows nothing (code made at run
/// time), false and a region that stands for it. For signal handlers.
bool find_image(std::uint64_t address, loaded_image& image) noexcept;

/// The build id, from the notes in memory: its size, 0 where there is none or `most` bytes do not do.
std::size_t copy_build_id(const loaded_image& image, std::uint8_t* to, std::size_t most) noexcept;

}  // namespace deft::profile::agent
