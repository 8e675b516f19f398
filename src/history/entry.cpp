#include "history/entry.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "history/line.hpp"

namespace deft::history {
namespace {

constexpr std::size_t longest_runner = 64;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/// Six significant digits: no measurement has more, and a point takes half the space.
double rounded(double value) {
  if (!std::isfinite(value)) return value;
  char text[32];
  *std::to_chars(text, text + sizeof text - 1, value, std::chars_format::general, 6).ptr = '\0';
  return std::strtod(text, nullptr);  // libc++ 19 has no std::from_chars for it; the locale is always "C".
}

double usable_time(double ns) {
  return std::isfinite(ns) && ns > 0 ? rounded(ns) : 0;
}

point point_of(const store::benchmark& from, store::run_kind kind) {
  point result;
  result.benchmark = from.name;
  result.method = from.method;
  if (!from.failure.empty()) result.verdict = stats::verdict::failed;
  if (kind == store::run_kind::single) {
    result.ns = usable_time(from.base_ns);
    return result;
  }
  result.ns = usable_time(from.head_ns);
  result.base_ns = usable_time(from.base_ns);
  if (!from.decision) return result;
  result.verdict = from.decision->verdict;
  const stats::ratio_estimate& head = from.decision->head;
  if (std::isfinite(head.ratio) && head.ratio > 0 && std::isfinite(head.high))
    result.ratio = {rounded(head.ratio), rounded(head.low), rounded(head.high)};
  return result;
}

}  // namespace

const std::string& time_of(const entry& e) {
  return std::visit([](const auto& what) -> const std::string& { return what.time; }, e.what);
}

const std::string& runner_of(const entry& e) {
  return std::visit([](const auto& what) -> const std::string& { return what.runner; }, e.what);
}

bool earlier(const entry& a, const entry& b) {
  const int order = time_of(a).compare(time_of(b));
  return order != 0 ? order < 0 : a.id < b.id;
}

bool is_runner_name(std::string_view text) {
  return !text.empty() && text.size() <= longest_runner && is_letter_or_digit(text[0]) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-'; });
}

std::string default_runner(const store::machine& machine) {
  std::string name;
  for (char c : machine.cpu_model) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (is_letter_or_digit(c) || (c == '.' && !name.empty())) {
      name += c;
    } else if (!name.empty() && name.back() != '-') {
      name += '-';
    }
  }
  const std::string cpus = std::to_string(machine.logical_cpus) + "cpu";
  name.resize(std::min(name.size(), longest_runner - cpus.size() - 1));
  while (!name.empty() && name.back() == '-') name.pop_back();
  return (name.empty() ? "machine" : name) + "-" + cpus;
}

entry from_result(const store::result_file& file, const std::string& runner, const std::string& commit) {
  const bool single = file.kind == store::run_kind::single;
  run result;
  result.time = file.created;
  result.runner = runner;
  result.kind = file.kind;
  result.commit = !commit.empty() ? commit : single ? file.base.revision : file.head.revision;
  if (!single) result.base_commit = file.base.revision;
  result.note = file.note;
  result.deft_version = file.deft_version;
  result.cpu_model = file.machine.cpu_model;
  result.logical_cpus = file.machine.logical_cpus;
  result.kernel = file.machine.kernel;
  result.operating_system = file.machine.operating_system;
  for (const store::benchmark& b : file.benchmarks) result.points.push_back(point_of(b, file.kind));
  // In the order of their names: the order in which they were measured is of no interest.
  std::stable_sort(result.points.begin(), result.points.end(),
                   [](const point& a, const point& b) { return a.benchmark < b.benchmark; });
  return with_id(std::move(result));
}

}  // namespace deft::history
