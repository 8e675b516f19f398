#include "cli/history_view.hpp"

#include <algorithm>
#include <vector>

#include "deft/core/version.hpp"

#include "report/escape.hpp"
#include "report/numbers.hpp"
#include "store/json_document.hpp"

namespace deft::cli {
namespace {

using history::change;
using history::observation;
using history::quantity;
using history::series;

std::string value_text(double value, quantity what) {
  return what == quantity::time ? report::time_per_iteration(value) : report::ratio(value);
}

std::string short_commit(const observation& o) {
  constexpr std::size_t usual = 12;
  return o.commit.empty() ? "-" : report::plain(o.commit.substr(0, usual));
}

std::string change_text(const change& c) {
  const double ratio = c.after / c.before;
  return report::percent_change(ratio) + (ratio > 1 ? " slower" : " faster") +
         (c.blessed ? " (blessed)" : "");
}

std::string padded(const std::string& text, std::size_t width, bool right = false) {
  const std::size_t used = report::display_width(text);
  const std::string space(width - std::min(width, used), ' ');
  return right ? space + text : text + space;
}

std::string method_note(const series& s) {
  switch (s.method) {
    case measure::method::alternating:
      return " [wall time]";
    case measure::method::workers:
      return " [workers]";
    case measure::method::duet:
      return " [duet]";
    case measure::method::same_core:
      break;
  }
  return "";
}

/// The last observation that has a value.
const observation* last_value(const series& s) {
  const auto found = std::find_if(s.observations.rbegin(), s.observations.rend(),
                                  [](const observation& o) { return o.value > 0; });
  return found == s.observations.rend() ? nullptr : &*found;
}

}  // namespace

std::string overview_of(std::span<const series> all, quantity what) {
  std::size_t width = 0;
  for (const series& s : all)
    width = std::max(width, report::display_width(report::plain(s.benchmark) + method_note(s)));
  std::string text;
  std::string runner;
  for (const series& s : all) {
    if (s.runner != runner) {
      text += (text.empty() ? "" : "\n") + s.runner + "\n";
      runner = s.runner;
    }
    const observation* last = last_value(s);
    const std::size_t runs = s.observations.size();
    text += "  " + padded(report::plain(s.benchmark) + method_note(s), width) + "  " +
            padded(value_text(last ? last->value : 0, what), 10, true) + "  " +
            padded(std::to_string(runs), 4, true) + (runs == 1 ? " run" : " runs");
    if (!s.changes.empty()) {
      const change& c = s.changes.back();
      const observation& at = s.observations[c.index];
      text += "  " + change_text(c) + " since " + at.time + " " + short_commit(at);
      if (s.changes.size() > 1) text += ", " + std::to_string(s.changes.size() - 1) + " more before";
    }
    text += "\n";
  }
  return text;
}

std::string table_of(const series& one, quantity what, std::size_t last) {
  std::string text = report::plain(one.benchmark) + method_note(one) + " on " + one.runner + "\n";
  const std::size_t total = one.observations.size();
  for (std::size_t i = total - std::min(total, last); i < total; ++i) {
    const observation& o = one.observations[i];
    std::string line = "  " + o.time + "  " + o.run + "  " + padded(short_commit(o), 12) + "  " +
                       padded(o.failed ? "failed" : value_text(o.value, what), 10, true);
    const auto marked =
        std::find_if(one.changes.begin(), one.changes.end(), [i](const change& c) { return c.index == i; });
    if (marked != one.changes.end()) {
      line += "  <- " + change_text(*marked) + ": " + value_text(marked->before, what) + " before, " +
              value_text(marked->after, what) + " since";
    }
    text += line + "\n";
  }
  return text;
}

std::string json_of(std::span<const series> all, quantity what, std::size_t last) {
  auto list = store::ordered_json::array();
  for (const series& s : all) {
    auto runs = store::ordered_json::array();
    const std::size_t total = s.observations.size();
    for (std::size_t i = total - std::min(total, last); i < total; ++i) {
      const observation& o = s.observations[i];
      runs.push_back({{"time", o.time},
                      {"run", o.run},
                      {"commit", o.commit},
                      {"value", o.value > 0 ? store::ordered_json(o.value) : store::ordered_json()},
                      {"failed", o.failed}});
    }
    auto changes = store::ordered_json::array();
    for (const change& c : s.changes) {
      const observation& at = s.observations[c.index];
      changes.push_back({{"time", at.time},
                         {"run", at.run},
                         {"commit", at.commit},
                         {"before", c.before},
                         {"after", c.after},
                         {"ratio", c.after / c.before},
                         {"p_value", c.p_value},
                         {"blessed", c.blessed}});
    }
    list.push_back({{"runner", s.runner},
                    {"benchmark", s.benchmark},
                    {"method", store::word(store::method_words, s.method)},
                    {"runs", std::move(runs)},
                    {"changes", std::move(changes)}});
  }
  return store::text_of({{"schema", "deft-history-view"},
                         {"version", 1},
                         {"deft_version", DEFT_VERSION_STRING},
                         {"quantity", what == quantity::time ? "time_ns" : "ratio"},
                         {"series", std::move(list)}});
}

}  // namespace deft::cli
