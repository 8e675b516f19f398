#include "measure/worker/messages.hpp"

#include <algorithm>
#include <charconv>

namespace deft::measure::wire {
namespace {

constexpr std::string_view hello = "deft-worker";

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), is_control);
}

std::string plain(std::string text) {
  std::replace_if(text.begin(), text.end(), is_control, ' ');
  return text;
}

/// Takes `word` off the front, with the space behind it; what follows must not be empty.
bool take_word(std::string_view& line, std::string_view word) {
  if (line.size() < word.size() + 2 || !line.starts_with(word) || line[word.size()] != ' ') return false;
  line.remove_prefix(word.size() + 1);
  return true;
}

/// One number and the space behind it, if there is one: "007", "+7" and what 64 bits do not hold are none.
bool take_number(std::string_view& line, std::uint64_t& into) {
  const auto [end, failure] = std::from_chars(line.data(), line.data() + line.size(), into);
  const auto digits = static_cast<std::size_t>(end - line.data());
  if (failure != std::errc{} || (digits > 1 && line.front() == '0')) return false;
  line.remove_prefix(digits);
  if (line.empty()) return true;
  if (line.size() == 1 || line.front() != ' ') return false;
  line.remove_prefix(1);
  return true;
}

template <class... Numbers>
bool take_numbers(std::string_view& line, Numbers&... into) {
  std::size_t left = sizeof...(into);
  const auto one = [&](std::uint64_t& number) {
    return take_number(line, number) && (--left == 0) == line.empty();
  };
  return (one(into) && ...);
}

std::string joined(std::string_view word, std::initializer_list<std::uint64_t> numbers) {
  std::string line(word);
  for (const std::uint64_t number : numbers) {
    line += ' ';
    line += std::to_string(number);
  }
  return line;
}

}  // namespace

std::optional<request> parse_request(std::string_view line) {
  if (line.size() > longest_line) return std::nullopt;
  if (line == "list") return list_request{};
  if (line == "quit") return quit_request{};
  if (take_word(line, "run")) {
    std::uint64_t benchmark = 0;
    detail::batch_request r;
    if (!take_numbers(line, benchmark, r.iterations, r.nanoseconds)) return std::nullopt;
    r.benchmark = benchmark;
    return r;
  }
  return std::nullopt;
}

std::optional<reply> parse_reply(std::string_view line) {
  if (line.size() > longest_line || has_control(line)) return std::nullopt;
  if (take_word(line, hello)) {
    const std::size_t space = line.find(' ');
    std::string_view number = line.substr(0, space);
    greeting g;
    if (space == std::string_view::npos || space + 1 == line.size() || !take_numbers(number, g.version))
      return std::nullopt;
    g.suite = line.substr(space + 1);
    return g;
  }
  if (take_word(line, "benchmark")) return listed_name{std::string(line)};
  if (take_word(line, "end")) {
    end_of_list e;
    return take_numbers(line, e.count) ? std::optional<reply>(e) : std::nullopt;
  }
  if (take_word(line, "batch")) {
    detail::batch b;
    const bool whole =
        take_numbers(line, b.iterations, b.cpu_ns, b.wall_ns, b.steal_ns, b.involuntary_switches);
    return whole ? std::optional<reply>(b) : std::nullopt;
  }
  if (take_word(line, "failed")) return refusal{std::string(line), false};
  if (take_word(line, "skipped")) return refusal{std::string(line), true};
  return std::nullopt;
}

std::string line_of(const request& r) {
  if (std::holds_alternative<list_request>(r)) return "list";
  if (std::holds_alternative<quit_request>(r)) return "quit";
  const auto& run = std::get<detail::batch_request>(r);
  return joined("run", {run.benchmark, run.iterations, run.nanoseconds});
}

std::string line_of(const reply& r) {
  struct {
    std::string operator()(const greeting& g) const {
      return joined(hello, {g.version}) + ' ' + plain(g.suite.empty() ? "?" : g.suite);
    }

    std::string operator()(const listed_name& n) const { return "benchmark " + plain(n.name); }

    std::string operator()(const end_of_list& e) const { return joined("end", {e.count}); }

    std::string operator()(const detail::batch& b) const {
      return joined("batch", {b.iterations, b.cpu_ns, b.wall_ns, b.steal_ns, b.involuntary_switches});
    }

    std::string operator()(const refusal& no) const {
      const std::string why = no.why.empty() ? "no reason given" : no.why;
      return (no.skipped ? "skipped " : "failed ") + plain(why);
    }
  } const write;

  return std::visit(write, r);
}

}  // namespace deft::measure::wire
