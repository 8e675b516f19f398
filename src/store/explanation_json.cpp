#include "store/explanation_json.hpp"

#include <utility>

#include "store/json_document.hpp"
#include "store/schema.hpp"

namespace deft::store {
namespace {

constexpr words<diff::function_match, 5> match_words{
    {{diff::function_match::same, "same"},
     {diff::function_match::template_arguments, "template_arguments"},
     {diff::function_match::renamed, "renamed"},
     {diff::function_match::only_base, "only_base"},
     {diff::function_match::only_head, "only_head"}}};

ordered_json to_value(const diff::change& c) {
  return {{"base_ns", c.base_ns}, {"head_ns", c.head_ns}, {"delta_ns", c.delta_ns()},    {"low_ns", c.low_ns},
          {"high_ns", c.high_ns}, {"p_value", c.p_value}, {"significant", c.significant}};
}

ordered_json to_value(const diff::compared_function& f) {
  return {{"function", f.frame.function}, {"module", f.frame.module},   {"file", f.frame.file},
          {"line", f.frame.line},         {"inlined", f.frame.inlined}, {"match", word(match_words, f.match)},
          {"base_name", f.base_name},     {"self", to_value(f.self)},   {"total", to_value(f.total)}};
}

ordered_json to_value(const named_explanation& one) {
  const diff::explanation& e = one.explained;
  ordered_json functions = ordered_json::array();
  for (const diff::compared_function& f : e.functions) functions.push_back(to_value(f));
  ordered_json nodes = ordered_json::array();
  for (const diff::compared_node& n : e.nodes) {
    nodes.push_back({{"function", n.function},
                     {"depth", n.depth},
                     {"base_self_ns", n.base_self_ns},
                     {"head_self_ns", n.head_self_ns},
                     {"total", to_value(n.total)}});
  }
  return {{"benchmark", one.benchmark}, {"unavailable", e.unavailable},
          {"rounds", e.rounds},         {"floor_ns", e.floor_ns},
          {"whole", to_value(e.whole)}, {"slower", e.slower},
          {"faster", e.faster},         {"callers", e.callers},
          {"notes", e.notes},           {"functions", std::move(functions)},
          {"nodes", std::move(nodes)}};
}

}  // namespace

std::string to_json(std::span<const named_explanation> all) {
  ordered_json explanations = ordered_json::array();
  for (const named_explanation& one : all) explanations.push_back(to_value(one));
  return text_of({{"schema", "deft-explanation"}, {"version", 1}, {"explanations", std::move(explanations)}});
}

}  // namespace deft::store
