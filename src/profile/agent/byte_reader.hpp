#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace deft::profile::agent {

/// Reads numbers one after the other. After the first one that is not there all are 0 and `ok()` is false.
class byte_reader {
 public:
  explicit byte_reader(std::span<const std::uint8_t> bytes, std::size_t at = 0) noexcept
      : bytes_(bytes), at_(at), ok_(at <= bytes.size()) {}

  bool ok() const noexcept { return ok_; }

  std::size_t position() const noexcept { return at_; }

  bool at_end() const noexcept { return !ok_ || at_ == bytes_.size(); }

  template <class Number>
  Number read() noexcept {
    if (!ok_ || bytes_.size() - at_ < sizeof(Number)) {
      ok_ = false;
      return 0;
    }
    Number number;
    std::memcpy(&number, bytes_.data() + at_, sizeof number);
    at_ += sizeof number;
    return number;
  }

  /// Bits beyond the 64th are dropped, as elsewhere.
  std::uint64_t read_uleb() noexcept {
    std::uint64_t number = 0;
    for (unsigned shift = 0;; shift += 7) {
      const auto byte = read<std::uint8_t>();
      if (!ok_) return 0;
      if (shift < 64) number |= std::uint64_t{byte & 0x7fU} << shift;
      if ((byte & 0x80) == 0) return number;
    }
  }

  std::int64_t read_sleb() noexcept {
    std::uint64_t number = 0;
    for (unsigned shift = 0;; shift += 7) {
      const auto byte = read<std::uint8_t>();
      if (!ok_) return 0;
      if (shift < 64) number |= std::uint64_t{byte & 0x7fU} << shift;
      if ((byte & 0x80) == 0) {
        if ((byte & 0x40) != 0 && shift + 7 < 64) number |= ~std::uint64_t{0} << (shift + 7);
        return static_cast<std::int64_t>(number);
      }
    }
  }

  void skip(std::uint64_t count) noexcept {
    if (!ok_ || count > bytes_.size() - at_) {
      ok_ = false;
    } else {
      at_ += static_cast<std::size_t>(count);
    }
  }

 private:
  std::span<const std::uint8_t> bytes_;
  std::size_t at_;
  bool ok_;
};

}  // namespace deft::profile::agent
