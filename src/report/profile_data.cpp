#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "report/call_tree.hpp"
#include "report/data_columns.hpp"
#include "report/escape.hpp"
#include "report/page_data.hpp"
#include "report/profile_summary.hpp"
#include "report/short_name.hpp"

namespace deft::report {
namespace {

const char* word_of(symbols::profile_kind kind) {
  switch (kind) {
    case symbols::profile_kind::wall:
      return "wall";
    case symbols::profile_kind::off_cpu:
      return "off_cpu";
    case symbols::profile_kind::allocation:
      return "allocation";
    case symbols::profile_kind::cpu:
      break;
  }
  return "cpu";
}

const char* word_of(value_unit unit) {
  switch (unit) {
    case value_unit::ns:
      return "ns";
    case value_unit::bytes:
      return "bytes";
    case value_unit::samples:
      break;
  }
  return "samples";
}

json thread_list(const symbols::stack_profile& profile, bool has_unknown) {
  json out = json::array();
  for (const auto& thread : profile.threads) {
    out.push_back({{"pid", thread.pid},
                   {"tid", thread.tid},
                   {"name", plain(thread.name)},
                   {"process", plain(thread.process)}});
  }
  if (has_unknown)
    out.push_back({{"pid", 0}, {"tid", 0}, {"name", "unknown thread"}, {"process", "unknown process"}});
  return out;
}

// Nodes as steps from one to the next: small numbers pack well. Threads and values are left out where they
// say nothing.
json share_columns(const threaded_tree& tree, bool has_threads, bool has_values) {
  json node = json::array();
  json thread = json::array();
  json count = json::array();
  json value = json::array();
  std::uint32_t before = 0;
  for (const thread_share& share : tree.shares) {
    node.push_back(share.node - before);
    before = share.node;
    count.push_back(share.count);
    if (has_threads) thread.push_back(share.thread);
    if (has_values) value.push_back(share.value);
  }
  return {{"node", std::move(node)},
          {"thread", has_threads ? std::move(thread) : json(nullptr)},
          {"count", std::move(count)},
          {"value", has_values ? std::move(value) : json(nullptr)}};
}

// Source code as it looks in an editor: tabs are spaces here, because a control character is none.
std::string code(std::string_view text) {
  constexpr std::size_t tab = 8;
  constexpr std::size_t longest_line = 400;
  std::string out;
  for (const char c : text) {
    if (c == '\t') {
      out.append(tab - out.size() % tab, ' ');
    } else {
      out += c;
    }
  }
  return clipped(plain(out), longest_line);
}

std::string hexadecimal(std::uint64_t address) {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), address, 16);
  return {digits.data(), end.ptr};
}

json hot_function(const symbols::annotated_function& hot) {
  json inlined = json::array();
  std::map<std::string, std::size_t> numbers = {{"", 0}};
  const auto number_of = [&](const std::string& function) {
    const auto [at, is_new] = numbers.try_emplace(function, numbers.size());
    if (is_new) inlined.push_back({plain(function), plain(short_name(function))});
    return at->second;
  };
  json instructions = {{"address", json::array()},
                       {"count", json::array()},
                       {"text", json::array()},
                       {"inlined", json::array()},
                       {"source", json::array()}};
  for (const auto& instruction : hot.instructions) {
    instructions["address"].push_back(hexadecimal(instruction.address));
    instructions["count"].push_back(instruction.count);
    instructions["text"].push_back(code(instruction.text));
    instructions["inlined"].push_back(number_of(instruction.function));
    instructions["source"].push_back(instruction.source);
  }
  json sources = {
      {"file", json::array()}, {"line", json::array()}, {"count", json::array()}, {"text", json::array()}};
  for (const auto& source : hot.sources) {
    sources["file"].push_back(plain(source.file));
    sources["line"].push_back(source.line);
    sources["count"].push_back(source.count);
    sources["text"].push_back(code(source.text));
  }
  return {{"function", plain(hot.function)}, {"short", plain(short_name(hot.function))},
          {"module", plain(hot.module)},     {"count", hot.count},
          {"inlined", std::move(inlined)},   {"instructions", std::move(instructions)},
          {"sources", std::move(sources)}};
}

}  // namespace

std::string page_data(const store::profile_file& file) {
  const symbols::stack_profile& profile = file.profile;
  frame_table table;
  const threaded_tree tree = tree_by_thread(profile, table);
  bool has_values = false;
  bool has_unknown_thread = false;
  for (const auto& stack : profile.stacks) {
    has_values = has_values || stack.value > 0;
    has_unknown_thread =
        has_unknown_thread || (!profile.threads.empty() && stack.thread >= profile.threads.size());
  }
  json out;
  out["deft"] = plain(file.deft_version);
  out["created"] = plain(file.created);
  out["command"] = plain(file.command);
  out["ended"] = plain(file.ended);
  out["duration"] = elapsed(file);
  out["kind"] = word_of(profile.kind);
  out["unit"] = word_of(unit_of(profile));
  out["period"] = profile.frequency_hz > 0 ? 1e9 / profile.frequency_hz : 0;
  out["facts"] = profile_facts(profile);
  out["machine"] = machine_facts(file.machine);
  out["threads"] = thread_list(profile, has_unknown_thread);
  out["tree"] = tree.frame.empty() ? json(nullptr) : json({{"frame", tree.frame}, {"depth", tree.depth}});
  out["shares"] = share_columns(tree, !profile.threads.empty(), has_values);
  out["frames"] = frame_columns(table);
  json hot = json::array();
  for (const auto& function : file.hot_functions) hot.push_back(hot_function(function));
  out["hot"] = std::move(hot);
  return out.dump();
}

}  // namespace deft::report
