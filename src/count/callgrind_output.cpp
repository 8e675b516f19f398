#include "count/callgrind_output.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

namespace deft::count {
namespace {

support::error not_whole(const std::string& what) {
  return {support::error_kind::unavailable, "callgrind's output " + what};
}

std::string_view next_line(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('\n'), rest.size());
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return line;
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// One of the parts that callgrind wrote: what made it write, and what it had counted.
struct part {
  std::string_view trigger;
  std::optional<std::uint64_t> total;
};

}  // namespace

support::result<std::vector<std::uint64_t>> parse_callgrind_output(std::string_view text) {
  if (text.find("\ncreator: callgrind") == std::string_view::npos) return not_whole("is missing");
  std::vector<part> parts;
  for (std::string_view rest = text; !rest.empty();) {
    std::string_view line = next_line(rest);
    if (take(line, "desc: Trigger: ")) {
      parts.push_back({line, std::nullopt});
    } else if (take(line, "events: ")) {
      if (line != "Ir") return not_whole("counts other events than instructions");
    } else if (take(line, "totals: ")) {
      const auto total = whole_number(line);
      if (!total || parts.empty() || parts.back().total) return not_whole("cannot be read at \"totals\"");
      parts.back().total = total;
    }
  }
  std::vector<std::uint64_t> runs;
  bool ended = false;
  for (const part& p : parts) {
    if (!p.total) return not_whole("is cut off");
    std::string_view trigger = p.trigger;
    if (take(trigger, "Client Request: deft run ")) {
      if (ended || whole_number(trigger) != runs.size()) return not_whole("has its runs in disorder");
      runs.push_back(*p.total);
    } else if (trigger == "Program termination" && !ended) {
      ended = true;
      runs.push_back(*p.total);
    }
  }
  if (!ended) return not_whole("is cut off");
  return runs;
}

}  // namespace deft::count
