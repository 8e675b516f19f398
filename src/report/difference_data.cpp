#include "report/difference_data.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "report/code_data.hpp"
#include "report/escape.hpp"
#include "report/short_name.hpp"

namespace deft::report {
namespace {

// Lines of more functions than these of each kind would be read by nobody.
constexpr std::size_t most_functions_with_lines = 6;

json change_row(const diff::change& c) {
  return {number(c.base_ns), number(c.head_ns), number(c.low_ns), number(c.high_ns), c.significant ? 1 : 0};
}

class change_columns {
 public:
  void add(const diff::change& c) {
    base_.push_back(number(c.base_ns));
    head_.push_back(number(c.head_ns));
    low_.push_back(number(c.low_ns));
    high_.push_back(number(c.high_ns));
    significant_.push_back(c.significant ? 1 : 0);
  }

  json taken() {
    return {{"base", std::move(base_)},
            {"head", std::move(head_)},
            {"low", std::move(low_)},
            {"high", std::move(high_)},
            {"significant", std::move(significant_)}};
  }

 private:
  json base_ = json::array();
  json head_ = json::array();
  json low_ = json::array();
  json high_ = json::array();
  json significant_ = json::array();
};

const char* word_of(diff::function_match match) {
  switch (match) {
    case diff::function_match::same:
      break;
    case diff::function_match::template_arguments:
      return "template arguments";
    case diff::function_match::renamed:
      return "renamed";
    case diff::function_match::only_base:
      return "only base";
    case diff::function_match::only_head:
      return "only head";
  }
  return "";
}

json functions(const diff::explanation& why, frame_table& table) {
  json frame = json::array();
  json others = json::array();  // few: those that were not matched by their name
  change_columns self;
  change_columns total;
  for (std::size_t i = 0; i < why.functions.size(); ++i) {
    const diff::compared_function& f = why.functions[i];
    frame.push_back(table.number_of(f.frame));
    self.add(f.self);
    total.add(f.total);
    if (f.match != diff::function_match::same || !f.base_name.empty())
      others.push_back({i, word_of(f.match), plain(f.base_name), plain(short_name(f.base_name))});
  }
  return {{"frame", std::move(frame)},
          {"matched", std::move(others)},
          {"self", self.taken()},
          {"total", total.taken()}};
}

struct path {
  std::uint32_t function = 0;
  std::uint32_t depth = 0;
  double base = 0;  ///< Self.
  double head = 0;
  diff::change total;
};

// One past the last node below each.
std::vector<std::size_t> ends_of(const std::vector<diff::compared_node>& nodes) {
  std::vector<std::size_t> out(nodes.size(), nodes.size());
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    while (!open.empty() && nodes[open.back()].depth >= nodes[i].depth) {
      out[open.back()] = i;
      open.pop_back();
    }
    open.push_back(i);
  }
  return out;
}

// By node: whether its change, or that of a path below it, is told.
std::vector<bool> told_of(const std::vector<diff::compared_node>& nodes,
                          const std::vector<std::size_t>& end) {
  std::vector<bool> out(nodes.size());
  std::size_t next = nodes.size();  // the first told node from here on
  for (std::size_t i = nodes.size(); i-- > 0;) {
    if (nodes[i].total.significant) next = i;
    out[i] = next < end[i];
  }
  return out;
}

std::vector<path> shown_paths(const diff::explanation& why) {
  const double least = smallest_shown_path * std::max(why.whole.base_ns, why.whole.head_ns);
  const std::vector<std::size_t> end = ends_of(why.nodes);
  const std::vector<bool> told = told_of(why.nodes, end);
  std::vector<path> out;
  std::vector<std::size_t> open;  // kept ones above the current node
  for (std::size_t i = 0; i < why.nodes.size();) {
    const diff::compared_node& node = why.nodes[i];
    while (!open.empty() && out[open.back()].depth >= node.depth) open.pop_back();
    const bool is_large = std::max(node.total.base_ns, node.total.head_ns) >= least;
    if (is_large || told[i] || open.empty()) {
      open.push_back(out.size());
      out.push_back({node.function, node.depth, node.base_self_ns, node.head_self_ns, node.total});
      ++i;
      continue;
    }
    path& caller = out[open.back()];
    for (const std::size_t to = end[i]; i < to; ++i) {
      caller.base += why.nodes[i].base_self_ns;
      caller.head += why.nodes[i].head_self_ns;
    }
  }
  return out;
}

json call_paths(const diff::explanation& why) {
  constexpr double steps = 100'000;
  const double whole = std::max(why.whole.base_ns, why.whole.head_ns);
  const double unit = std::isfinite(whole) && whole > 0 ? whole / steps : 1;
  const auto in_units = [&](double ns) -> json {
    if (!std::isfinite(ns)) return nullptr;
    return static_cast<std::int64_t>(std::clamp(std::round(ns / unit), -1e15, 1e15));
  };
  json function = json::array();
  json depth = json::array();
  json base = json::array();
  json head = json::array();
  json low = json::array();
  json high = json::array();
  json significant = json::array();
  for (const path& p : shown_paths(why)) {
    function.push_back(p.function);
    depth.push_back(p.depth);
    base.push_back(in_units(std::max(p.base, 0.0)));
    head.push_back(in_units(std::max(p.head, 0.0)));
    low.push_back(in_units(p.total.low_ns));
    high.push_back(in_units(p.total.high_ns));
    significant.push_back(p.total.significant ? 1 : 0);
  }
  return {{"unit", unit},
          {"function", std::move(function)},
          {"depth", std::move(depth)},
          {"base", std::move(base)},
          {"head", std::move(head)},
          {"low", std::move(low)},
          {"high", std::move(high)},
          {"significant", std::move(significant)}};
}

const symbols::annotated_function* code_of(const diff::profiled_side& side, const std::string& function,
                                           const std::string& module) {
  const auto found = std::find_if(side.code.begin(), side.code.end(), [&](const auto& f) {
    return f.function == function && (f.module == module || f.module.empty() || module.empty());
  });
  return found == side.code.end() ? nullptr : &*found;
}

// Time of an iteration that one sample of all rounds together stands for.
double ns_per_sample(const diff::profiled_side& side) {
  double samples = 0;
  double ns = 0;
  for (const auto& process : side.processes) {
    samples += static_cast<double>(process.samples);
    ns += process.iteration_ns;
  }
  return samples > 0 ? ns / static_cast<double>(side.processes.size()) / samples : 0;
}

json side_facts(const diff::profile_rounds& rounds, const diff::profiled_side& side) {
  std::uint64_t samples = 0;
  for (const auto& process : side.processes) samples += process.samples;
  return {{"collector", plain(rounds.collector)},
          {"note", plain(rounds.note)},
          {"hz", rounds.frequency_hz},
          {"samples", samples},
          {"discarded", side.discarded},
          {"lost", side.lost},
          {"unrooted", side.unrooted},
          {"nsPerSample", number(ns_per_sample(side))}};
}

/// What is known of a function's instructions on both sides.
struct known_code {
  const symbols::annotated_function* base = nullptr;
  const symbols::annotated_function* head = nullptr;

  bool none() const { return base == nullptr && head == nullptr; }
};

known_code code_of(const diff::profile_rounds& rounds, const diff::compared_function& f) {
  const std::string& before = f.base_name.empty() ? f.frame.function : f.base_name;
  return {code_of(rounds.base, before, f.frame.module),
          code_of(rounds.head, f.frame.function, f.frame.module)};
}

/// The function whose instructions those of `f` are part of: itself, or what it is inlined into, the nearest
/// caller whose code is known; of several the one below which it takes longest. `f` where there is none.
std::uint32_t body_of(std::uint32_t f, const diff::explanation& why, const diff::profile_rounds& rounds) {
  if (!code_of(rounds, why.functions.at(f)).none()) return f;
  std::map<std::uint32_t, double> times;
  std::vector<std::uint32_t> above;  // functions on the path to the node
  for (const diff::compared_node& node : why.nodes) {
    above.resize(node.depth, node.function);
    if (node.function == f) {
      const auto body = std::find_if(above.rbegin(), above.rend(), [&](std::uint32_t caller) {
        return !code_of(rounds, why.functions.at(caller)).none();
      });
      if (body != above.rend()) times[*body] += node.base_self_ns + node.head_self_ns;
    }
    above.push_back(node.function);
  }
  const auto longest = std::max_element(times.begin(), times.end(),
                                        [](const auto& a, const auto& b) { return a.second < b.second; });
  return longest == times.end() ? f : longest->first;
}

json lines_of_changed(const diff::explanation& why, const diff::profile_rounds& rounds) {
  json out = json::array();
  std::map<std::uint32_t, std::size_t> places;  // of bodies, in `out`
  for (const auto* order : {&why.slower, &why.faster}) {
    for (std::size_t i = 0; i < std::min(order->size(), most_functions_with_lines); ++i) {
      const std::uint32_t changed = (*order)[i];
      const std::uint32_t body = body_of(changed, why, rounds);
      if (const auto known = places.find(body); known != places.end()) {
        out[known->second]["changed"].push_back(changed);
        continue;
      }
      const known_code code = code_of(rounds, why.functions.at(body));
      if (code.none()) continue;
      places[body] = out.size();
      out.push_back({{"changed", {changed}},
                     {"body", body},
                     {"base", code.base != nullptr ? code_data(*code.base) : json(nullptr)},
                     {"head", code.head != nullptr ? code_data(*code.head) : json(nullptr)}});
    }
  }
  return out;
}

}  // namespace

json difference_data(const explained& e, frame_table& table) {
  const diff::explanation& why = e.why;
  json out = {{"unavailable", plain(why.unavailable)}};
  if (!why.unavailable.empty() || why.nodes.empty()) return out;
  json notes = json::array();
  for (const auto& note : why.notes) notes.push_back(plain(note));
  out["rounds"] = why.rounds;
  out["tested"] = why.tested();
  out["floor"] = number(why.floor_ns);
  out["whole"] = change_row(why.whole);
  out["functions"] = functions(why, table);
  out["tree"] = call_paths(why);
  out["slower"] = why.slower;
  out["faster"] = why.faster;
  out["callers"] = why.callers;
  out["notes"] = std::move(notes);
  if (e.measured) {
    const diff::change& c = e.measured->change;
    out["measured"] = {number(c.delta_ns()), number(c.low_ns), number(c.high_ns), e.measured->agrees ? 1 : 0};
  }
  if (e.rounds != nullptr) {
    out["facts"] = {{"base", side_facts(*e.rounds, e.rounds->base)},
                    {"head", side_facts(*e.rounds, e.rounds->head)}};
    out["code"] = lines_of_changed(why, *e.rounds);
  }
  return out;
}

}  // namespace deft::report
