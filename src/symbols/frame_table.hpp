#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "symbols/stack_profile.hpp"

namespace deft::symbols {

/// Numbers frames in the order in which they are first met.
class frame_table {
 public:
  std::uint32_t number(frame f) {
    const auto [kept, added] = numbers_.try_emplace(f, static_cast<std::uint32_t>(frames_.size()));
    if (added) frames_.push_back(std::move(f));
    return kept->second;
  }

  /// Of something that is no function of a file.
  std::uint32_t number(std::string function, std::string module) {
    return number({.function = std::move(function),
                   .module = std::move(module),
                   .file = "",
                   .line = 0,
                   .inlined = false});
  }

  const std::vector<frame>& frames() const noexcept { return frames_; }

 private:
  struct content_hash {
    std::size_t operator()(const frame& f) const noexcept {
      const std::hash<std::string> text;
      return text(f.function) ^ (text(f.module) << 1) ^ (text(f.file) << 2) ^ (std::size_t{f.line} << 3) ^
             static_cast<std::size_t>(f.inlined);
    }
  };

  std::vector<frame> frames_;
  std::unordered_map<frame, std::uint32_t, content_hash> numbers_;
};

}  // namespace deft::symbols
