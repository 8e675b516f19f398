// What every reader of foreign bytes promises, whatever the bytes are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/op_source.hpp"
#include "support/result.hpp"

namespace deft_fuzz {

inline constexpr std::string_view origin = "a/file name";

/// The input in an allocation of just its size, so that the sanitizer sees a read behind it: not every engine
/// passes it so, and a string has a NUL there.
class exact_copy {
 public:
  exact_copy(const std::uint8_t* data, std::size_t size) : bytes_(data, data + size) {}

  std::string_view text() const { return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()}; }

  std::span<const std::uint8_t> bytes() const { return bytes_; }

 private:
  std::vector<std::uint8_t> bytes_;
};

/// Whether an input that is no valid file is to be taken for decisions about one: that takes a hundred times
/// as long as refusing it, so not for every input.
inline bool makes_up_a_file(std::size_t size) {
  return size % 8 == 0;
}

/// One clear line for a person: whatever the file holds, it neither breaks the line nor moves the cursor.
inline void check_message(const deft::support::error& e, bool names_origin = true) {
  DEFT_FUZZ_CHECK(!e.message.empty());
  if (names_origin) DEFT_FUZZ_CHECK(e.message.find(origin) != std::string::npos);
  for (const char c : e.message) DEFT_FUZZ_CHECK(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
}

}  // namespace deft_fuzz
