#pragma once

#include <cstddef>
#include <cstdint>

#include <elfutils/libdw.h>

namespace deft::symbols {

/// Goes over the entries of one compilation unit, at most as many as fit into its bytes: in damaged debug
/// information a sibling may lie before its predecessor, or be its child as well, and a walk would never end.
class die_walk {
 public:
  explicit die_walk(Dwarf_Die* unit) : left_(unit_bytes(unit)) {}

  /// Replaces `die` by its first child; false where it has none, or where too many were met.
  bool enter(Dwarf_Die* parent, Dwarf_Die* child) {
    return depth_ < deepest_nesting && take() && dwarf_child(parent, child) == 0;
  }

  bool next(Dwarf_Die* die) { return take() && dwarf_siblingof(die, die) == 0; }

  /// While one of these is there, one level down is walked.
  class level {
   public:
    explicit level(die_walk& walk) : walk_(walk) { ++walk_.depth_; }

    level(const level&) = delete;
    level& operator=(const level&) = delete;

    ~level() { --walk_.depth_; }

   private:
    die_walk& walk_;
  };

 private:
  static constexpr int deepest_nesting = 256;

  bool take() noexcept {
    if (left_ == 0) return false;
    --left_;
    return true;
  }

  // Each entry takes a byte at least; looking for one that is not there counts as well.
  static std::size_t unit_bytes(Dwarf_Die* unit) {
    const Dwarf_Off start = dwarf_dieoffset(unit) - dwarf_cuoffset(unit);
    Dwarf_Off next = 0;
    std::size_t header_bytes = 0;
    if (dwarf_nextcu(dwarf_cu_getdwarf(unit->cu), start, &next, &header_bytes, nullptr, nullptr, nullptr) !=
            0 ||
        next <= start) {
      return 0;
    }
    return static_cast<std::size_t>(next - start) * 2;
  }

  std::size_t left_;
  int depth_ = 0;
};

}  // namespace deft::symbols
