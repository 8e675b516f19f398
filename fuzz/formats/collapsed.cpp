// Collapsed stacks: a text is taken exactly where a plain reading of the format takes it, with the same sum;
// what is written is read as the same functions and numbers, whatever is in the names.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "formats/formats.hpp"
#include "fuzz/formats/any_profile.hpp"
#include "fuzz/reader.hpp"

namespace {

namespace formats = deft::formats;
using deft::symbols::profile_kind;

constexpr std::uint64_t limit = (std::uint64_t{1} << 63) - 1;

// The number at the end of a line; nothing where there is none below 2^64.
std::optional<std::uint64_t> number_of(std::string_view line) {
  const std::size_t space = line.rfind(' ');
  if (space == std::string_view::npos || space + 1 == line.size()) return std::nullopt;
  std::uint64_t number = 0;
  for (const char c : line.substr(space + 1)) {
    if (c < '0' || c > '9') return std::nullopt;
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (number > (~std::uint64_t{0} - digit) / 10) return std::nullopt;
    number = number * 10 + digit;
  }
  return number;
}

// The sum over all lines; nothing where the text is not in this format.
std::optional<std::uint64_t> sum_of(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::uint64_t sum = 0;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty()) continue;
    const auto number = number_of(line);
    if (!number || *number > limit - sum) return std::nullopt;
    sum += *number;
  }
  return sum;
}

void read_any_text(std::string_view text) {
  const auto file = formats::from_collapsed(text, deft_fuzz::origin);
  const auto expected = sum_of(text);
  DEFT_FUZZ_CHECK(static_cast<bool>(file) == expected.has_value());
  if (!file) {
    deft_fuzz::check_message(file.error());
    return;
  }
  deft_fuzz::check_indices(file->profile);
  DEFT_FUZZ_CHECK(file->profile.samples == *expected);
  const std::string written = formats::to_collapsed(file->profile);
  DEFT_FUZZ_CHECK(written.empty() == (*expected == 0));
  if (written.empty()) return;
  const auto again = formats::from_collapsed(written, deft_fuzz::origin);
  DEFT_FUZZ_CHECK(again);
  DEFT_FUZZ_CHECK(again->profile.samples == *expected);
  DEFT_FUZZ_CHECK(formats::to_collapsed(again->profile) == written);
}

void write_any_profile(deft_fuzz::op_source in) {
  const auto profile = deft_fuzz::any_profile(in).profile;
  // Samples of processor time; else ns or bytes, if they are known.
  const bool timed = profile.frequency_hz != 0 && profile.kind != profile_kind::allocation;
  const bool known =
      timed || std::ranges::any_of(profile.stacks, [](const auto& stack) { return stack.value != 0; });
  const bool by_value = known && profile.kind != profile_kind::cpu;
  auto expected = deft_fuzz::weights_of(profile, [&](const auto& stack) {
    if (!by_value) return stack.count;
    if (stack.value != 0 || !timed) return stack.value;
    return (stack.count * 1'000'000'000 + profile.frequency_hz / 2) / profile.frequency_hz;
  });
  // The one stack that an empty line cannot stand for.
  if (const auto nameless = expected.find({""}); nameless != expected.end()) {
    expected[{"[unnamed]"}] += nameless->second;
    expected.erase({""});
  }

  const std::string written = formats::to_collapsed(profile);
  if (expected.empty()) {
    DEFT_FUZZ_CHECK(written.empty());
    return;
  }
  const auto read = formats::from_collapsed(written, deft_fuzz::origin);
  DEFT_FUZZ_CHECK(read);
  DEFT_FUZZ_CHECK(deft_fuzz::counts_of(read->profile) == expected);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const deft_fuzz::exact_copy input(data, size);
  read_any_text(input.text());
  if (deft_fuzz::makes_up_a_file(size)) write_any_profile(deft_fuzz::op_source(input.bytes()));
  return 0;
}
