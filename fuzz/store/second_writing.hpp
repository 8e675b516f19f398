// What every file of the store promises once it has been written.
#pragma once

#include <string>
#include <string_view>

#include "fuzz/reader.hpp"

namespace deft_fuzz {

/// `read(text, origin)` takes what was written as the same, and refuses half of it instead of reading less.
template <typename Read>
void check_second_writing(const std::string& written, Read read) {
  const auto again = read(written, origin);
  DEFT_FUZZ_CHECK(again);
  DEFT_FUZZ_CHECK(to_json(*again) == written);
  const auto half = read(std::string_view(written).substr(0, written.size() / 2), origin);
  DEFT_FUZZ_CHECK(!half);
  check_message(half.error());
}

}  // namespace deft_fuzz
