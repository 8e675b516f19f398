#include <utility>

#include "store/profile_json.hpp"

namespace deft::store {

using symbols::annotated_function;
using symbols::annotated_instruction;
using symbols::annotated_source;

ordered_json to_value(const annotated_function& f) {
  ordered_json instructions = ordered_json::array();
  for (const annotated_instruction& i : f.instructions) {
    instructions.push_back({i.address, i.count, i.text, i.function, i.source});
  }
  ordered_json sources = ordered_json::array();
  for (const annotated_source& s : f.sources) sources.push_back({s.file, s.line, s.count, s.text});
  return {{"function", f.function},
          {"module", f.module},
          {"count", f.count},
          {"instructions", std::move(instructions)},
          {"sources", std::move(sources)}};
}

namespace {

void read(const node& from, annotated_source& out) {
  expect_size(from, 4, "[file, line, count, text]");
  from.at(0).read(out.file);
  from.at(1).read(out.line);
  from.at(2).read(out.count);
  from.at(3).read(out.text);
}

void read(const node& from, annotated_instruction& out, std::size_t source_count) {
  expect_size(from, 5, "[address, count, text, function, source]");
  from.at(0).read(out.address);
  from.at(1).read(out.count);
  from.at(2).read(out.text);
  from.at(3).read(out.function);
  from.at(4).read(out.source);
  if (out.source > source_count) from.at(4).fail("the number of a source line, from 1, or 0");
}

}  // namespace

void read(const node& from, annotated_function& out) {
  from["function"].read(out.function);
  from["module"].read(out.module);
  from["count"].read(out.count);
  read_all(from["sources"], out.sources, [](const node& one, annotated_source& s) { read(one, s); });
  read_all(from["instructions"], out.instructions,
           [&](const node& one, annotated_instruction& i) { read(one, i, out.sources.size()); });
}

}  // namespace deft::store
