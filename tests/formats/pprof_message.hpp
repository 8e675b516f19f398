#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace deft::tests {

/// A protocol buffer written by hand, as whoever wants to do harm would.
class message {
 public:
  message& number(std::uint32_t field, std::uint64_t value) {
    varint(std::uint64_t{field} << 3U);
    varint(value);
    return *this;
  }

  message& bytes(std::uint32_t field, std::string_view value) {
    varint(std::uint64_t{field} << 3U | 2U);
    varint(value.size());
    text_ += value;
    return *this;
  }

  message& packed(std::uint32_t field, const std::vector<std::uint64_t>& values) {
    message inner;
    for (const std::uint64_t value : values) inner.varint(value);
    return bytes(field, inner.text());
  }

  const std::string& text() const { return text_; }

 private:
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7U) text_ += static_cast<char>(value | 0x80U);
    text_ += static_cast<char>(value);
  }

  std::string text_;
};

}  // namespace deft::tests
