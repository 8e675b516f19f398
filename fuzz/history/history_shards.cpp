// Shards of a history: what is read is written and read as the same, in whatever order lines are merged;
// errors name the line.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fuzz/op_source.hpp"
#include "fuzz/reader.hpp"
#include "history/shards.hpp"

namespace {

using namespace deft::history;  // NOLINT(google-build-using-namespace)

const std::string file_name(deft_fuzz::origin);
constexpr std::string_view before_line = ": line ";
constexpr std::string_view before_id = "its content belongs to the id ";
constexpr std::size_t id_digits = 16;

/// The number of the line that a message names.
std::size_t line_in(const std::string& message, std::string_view text) {
  const std::size_t at = message.find(file_name + std::string(before_line));
  DEFT_FUZZ_CHECK(at == 0);
  const std::size_t line = std::stoul(message.substr(file_name.size() + before_line.size()));
  DEFT_FUZZ_CHECK(line >= 1 && line <= 1 + static_cast<std::size_t>(std::ranges::count(text, '\n')));
  return line;
}

/// Gives the line the id that its content has, which no mutation of its bytes would find. False where it does
/// not write its id as we do.
bool give_id(std::string& text, std::size_t line, std::string_view id) {
  std::size_t begin = 0;
  for (; line > 1; --line) begin = text.find('\n', begin) + 1;
  constexpr std::string_view key = "\"id\":\"";
  const std::size_t end = std::min(text.find('\n', begin), text.size());
  const std::size_t at = text.find(key, begin);
  if (at >= end) return false;
  const std::size_t first = at + key.size();
  const std::size_t last = text.find('"', first);
  if (last >= end || text.substr(first, last - first) == id) return false;
  text.replace(first, last - first, id);
  return true;
}

/// The entries, once ids are mended; false where something else is wrong.
bool read(std::string text, entries_by_id& into) {
  for (int mended = 0;; ++mended) {
    into.clear();
    const auto outcome = add_lines(text, file_name, into);
    if (outcome) return true;
    deft_fuzz::check_message(outcome.error());
    const std::string& message = outcome.error().message;
    const std::size_t line = line_in(message, text);
    // At its end: other messages may quote the input.
    const std::string id = message.substr(message.size() - std::min(id_digits, message.size()));
    if (!message.ends_with(std::string(before_id) + id) || mended == 64) return false;
    if (!give_id(text, line, id)) return false;
  }
}

std::vector<entry> entries_of(const entries_by_id& by_id) {
  std::vector<entry> entries;
  for (const auto& [id, e] : by_id) entries.push_back(e);
  return entries;
}

bool same(const std::vector<shard>& a, const std::vector<shard>& b) {
  return std::ranges::equal(
      a, b, [](const shard& x, const shard& y) { return x.name == y.name && x.text == y.text; });
}

std::vector<std::string> lines_of(const std::vector<shard>& shards, std::size_t most_bytes) {
  std::vector<std::string> lines;
  for (const shard& s : shards) {
    DEFT_FUZZ_CHECK(s.text.ends_with('\n'));
    const std::size_t before = lines.size();
    for (std::size_t at = 0; at != s.text.size();) {
      const std::size_t end = s.text.find('\n', at) + 1;
      lines.push_back(s.text.substr(at, end - at));
      at = end;
    }
    DEFT_FUZZ_CHECK(s.text.size() <= most_bytes || lines.size() == before + 1);
    DEFT_FUZZ_CHECK(std::is_sorted(lines.begin() + static_cast<std::ptrdiff_t>(before), lines.end()));
  }
  return lines;
}

/// Reads lines in several files, as machines that have some in common write them, and writes them as one.
void check_merge(const std::vector<std::string>& lines, const std::vector<shard>& expected,
                 std::size_t most_bytes, std::span<const std::uint8_t> decisions) {
  deft_fuzz::op_source choose(decisions);
  std::string files[3];
  for (const std::string& line : lines) {
    const int where = choose.below(7);
    for (int i = 0; i != 3; ++i) {
      if (((where + 1) & (1 << i)) != 0) files[i].insert(choose.below(2) == 0 ? 0 : files[i].size(), line);
    }
  }
  int order[] = {0, 1, 2};
  do {
    entries_by_id merged;
    for (const int i : order) DEFT_FUZZ_CHECK(add_lines(files[i], file_name, merged));
    DEFT_FUZZ_CHECK(same(shards_of(entries_of(merged), most_bytes), expected));
  } while (std::next_permutation(std::begin(order), std::end(order)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const deft_fuzz::exact_copy input(data, size);
  entries_by_id whole;
  if (const auto outcome = add_lines(input.text(), file_name, whole); !outcome) {
    deft_fuzz::check_message(outcome.error());
    line_in(outcome.error().message, input.text());
    if (!read(std::string(input.text()), whole)) return 0;
  }
  const std::vector<entry> entries = entries_of(whole);
  for (const std::size_t most_bytes : {std::size_t{1}, std::size_t{600}, std::size_t{1} << 20}) {
    const auto written = shards_of(entries, most_bytes);
    const auto lines = lines_of(written, most_bytes);
    DEFT_FUZZ_CHECK(lines.size() == entries.size());
    check_merge(lines, written, most_bytes, input.bytes());
  }
  return 0;
}
