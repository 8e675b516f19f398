#include "report/explanation_text.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "report/escape.hpp"
#include "report/explanations.hpp"
#include "report/numbers.hpp"
#include "report/short_name.hpp"

namespace deft::report {
namespace {

using diff::change;
using diff::compared_function;
using diff::explanation;
using diff::function_match;

constexpr std::size_t name_width = 90;
constexpr std::size_t rows_shown = 15;

std::string interval_of(const change& c) {
  return "(" + signed_time(c.low_ns) + " to " + signed_time(c.high_ns) + ")";
}

std::string padded(std::string text, std::size_t width) {
  const std::size_t taken = display_width(text);
  if (taken < width) text.append(width - taken, ' ');
  return text;
}

/// The end of a name says more than its template arguments: those go where there is no room for all.
std::string fitting(const std::string& function) {
  std::string name = plain(function);
  return clipped(display_width(name) <= name_width ? name : short_name(name), name_width);
}

std::string name_of(const compared_function& f) {
  std::string name = fitting(f.frame.function);
  if (!f.frame.module.empty()) name += " [" + plain(f.frame.module) + "]";
  if (!f.frame.file.empty()) {
    name += "  " + plain(f.frame.file);
    if (f.frame.line != 0) name += ":" + std::to_string(f.frame.line);
  }
  switch (f.match) {
    case function_match::same:
      break;
    case function_match::template_arguments:
    case function_match::renamed:
      name += ", was " + fitting(f.base_name);
      break;
    case function_match::only_base:
      name += ", in base only";
      break;
    case function_match::only_head:
      name += ", in head only";
      break;
  }
  return name;
}

std::string row(const change& c, const compared_function& f) {
  return "    " + padded(signed_time(c.delta_ns()), 10) + " " + padded(interval_of(c), 26) + "  " +
         name_of(f) + "\n";
}

void add_rows(std::string& text, const std::string& title, const explanation& explained,
              const std::vector<std::uint32_t>& which, change compared_function::* part) {
  if (which.empty()) return;
  text += "  " + title + "\n";
  for (std::size_t i = 0; i < std::min(which.size(), rows_shown); ++i) {
    const compared_function& f = explained.functions[which[i]];
    text += row(f.*part, f);
  }
  if (which.size() > rows_shown) text += "    and " + std::to_string(which.size() - rows_shown) + " more\n";
}

/// Those of the program; what its libraries have around them says little.
void add_callers(std::string& text, const explanation& explained) {
  std::vector<std::uint32_t> own;
  for (const std::uint32_t i : explained.callers) {
    if (explained.functions[i].frame.module.empty()) own.push_back(i);
  }
  add_rows(text, "what called them, and changed with them", explained, own, &compared_function::total);
  const std::size_t others = explained.callers.size() - own.size();
  if (others != 0) text += "    and " + std::to_string(others) + " of libraries\n";
}

/// Whether the profiled processes differ as the measured ones did.
std::string agreement(const store::benchmark& b, const explanation& explained) {
  const auto measured = measured_beside(b, explained);
  if (!measured) return {};
  return "  measured without the profiler: " + signed_time(measured->change.delta_ns()) + " " +
         interval_of(measured->change) +
         (measured->agrees ? ", which agrees\n"
                           : ", which does not agree: what is named may be another difference\n");
}

void add_notes(std::string& text, const explanation& explained) {
  for (const std::string& note : explained.notes) text += "  note: " + plain(note) + "\n";
}

std::string headline(const explanation& explained, const std::string& unit) {
  return time_per_iteration(explained.whole.base_ns) + " -> " + time_per_iteration(explained.whole.head_ns) +
         " of an " + unit + " under the profiler: " + signed_time(explained.whole.delta_ns()) +
         (explained.tested() ? " " + interval_of(explained.whole) : "") + ", " +
         std::to_string(explained.rounds) + (explained.rounds == 1 ? " round\n" : " rounds\n");
}

}  // namespace

std::string explanation_text(const store::benchmark& b, const explanation& explained) {
  std::string text = plain(b.name) + "\n";
  if (!explained.unavailable.empty()) return text + "  not explained: " + plain(explained.unavailable) + "\n";
  text += "  " + headline(explained, "iteration");
  text += agreement(b, explained);
  add_rows(text, "slower in its own code", explained, explained.slower, &compared_function::self);
  add_rows(text, "faster in its own code", explained, explained.faster, &compared_function::self);
  add_callers(text, explained);
  if (explained.tested() && explained.slower.empty() && explained.faster.empty()) {
    text += "  no function's own time changed by more than " + time_per_iteration(explained.floor_ns) +
            ", what a rebuild may do, for certain\n";
  }
  add_notes(text, explained);
  return text;
}

std::string difference_text(const explanation& explained, const std::string& unit) {
  if (!explained.unavailable.empty()) return "not compared: " + plain(explained.unavailable) + "\n";
  std::vector<std::uint32_t> order;
  for (std::uint32_t i = 0; i < explained.functions.size(); ++i) {
    const change& own = explained.functions[i].self;
    // What sums of shares leave behind is no difference.
    constexpr double rounding = 1e-9;
    if (std::abs(own.delta_ns()) > rounding * std::max(own.base_ns, own.head_ns)) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::abs(explained.functions[a].self.delta_ns()) >
           std::abs(explained.functions[b].self.delta_ns());
  });
  std::string text = time_per_iteration(explained.whole.base_ns) + " -> " +
                     time_per_iteration(explained.whole.head_ns) + " for each " + unit + ": " +
                     signed_time(explained.whole.delta_ns()) + ", " + std::to_string(explained.rounds) +
                     (explained.rounds == 1 ? " profile a side\n" : " profiles a side\n");
  for (std::size_t i = 0; i < std::min(order.size(), rows_shown); ++i) {
    const compared_function& f = explained.functions[order[i]];
    text += std::string(f.self.significant ? "  * " : "    ") + padded(signed_time(f.self.delta_ns()), 10) +
            " " + padded(time_per_iteration(f.self.base_ns), 9) + " -> " +
            padded(time_per_iteration(f.self.head_ns), 9) + "  " + name_of(f) + "\n";
  }
  if (order.empty()) text += "  no function's own time differs\n";
  if (order.size() > rows_shown) text += "    and " + std::to_string(order.size() - rows_shown) + " more\n";
  add_notes(text, explained);
  return text;
}

}  // namespace deft::report
