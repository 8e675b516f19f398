#include <cstdint>
#include <string>
#include <utility>

#include "report/call_tree.hpp"
#include "report/code_data.hpp"
#include "report/data_columns.hpp"
#include "report/escape.hpp"
#include "report/page_data.hpp"
#include "report/profile_summary.hpp"

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
  for (const auto& function : file.hot_functions) hot.push_back(code_data(function));
  out["hot"] = std::move(hot);
  return out.dump();
}

}  // namespace deft::report
