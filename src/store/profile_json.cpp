#include "store/profile_json.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace deft::store {
namespace {

using symbols::folded_stack;

/// One number of each stack; nothing where all are 0.
void put_numbers(ordered_json& into, const char* key, const std::vector<folded_stack>& stacks,
                 std::uint64_t (*number)(const folded_stack&)) {
  if (std::none_of(stacks.begin(), stacks.end(), [&](const folded_stack& s) { return number(s) != 0; }))
    return;
  ordered_json numbers = ordered_json::array();
  for (const folded_stack& stack : stacks) numbers.push_back(number(stack));
  into[key] = std::move(numbers);
}

void read(const node& from, symbols::profiled_thread& out) {
  expect_size(from, 4, "[pid, tid, name, process]");
  from.at(0).read(out.pid);
  from.at(1).read(out.tid);
  from.at(2).read(out.name);
  from.at(3).read(out.process);
}

/// [count, frame, ...]
void read(const node& from, folded_stack& out, std::size_t frame_count) {
  const std::size_t length = from.size();
  if (length == 0) from.fail("[count, frame, ...]");
  from.read_at(0, out.count);
  out.frames.resize(length - 1);
  for (std::size_t k = 1; k < length; ++k) {
    std::uint64_t frame = 0;
    from.read_at(k, frame);
    if (frame >= frame_count) from.at(k).fail("the index of a frame");
    out.frames[k - 1] = static_cast<std::uint32_t>(frame);
  }
}

/// Of each stack, where the file has them.
template <class Store>
void read_numbers(const node& from, const char* key, std::size_t stack_count, Store store) {
  if (!from.has(key)) return;
  const node numbers = from[key];
  expect_size(numbers, stack_count, "a number for each stack");
  for (std::size_t i = 0; i < stack_count; ++i) {
    std::uint64_t number = 0;
    numbers.read_at(i, number);
    store(numbers, i, number);
  }
}

}  // namespace

ordered_json to_value(const machine& m) {
  return {
      {"cpu_model", m.cpu_model}, {"logical_cpus", m.logical_cpus},         {"memory_bytes", m.memory_bytes},
      {"kernel", m.kernel},       {"operating_system", m.operating_system}, {"perf_event", m.perf_event}};
}

void read(const node& from, machine& out) {
  from["cpu_model"].read(out.cpu_model);
  from["logical_cpus"].read(out.logical_cpus);
  from["memory_bytes"].read(out.memory_bytes);
  from["kernel"].read(out.kernel);
  from["operating_system"].read(out.operating_system);
  from["perf_event"].read(out.perf_event);
}

ordered_json to_value(const symbols::frame& f) {
  return ordered_json::array({f.function, f.module, f.file, f.line, f.inlined});
}

void read(const node& from, symbols::frame& out) {
  expect_size(from, 5, "[function, module, file, line, inlined]");
  from.at(0).read(out.function);
  from.at(1).read(out.module);
  from.at(2).read(out.file);
  from.at(3).read(out.line);
  from.at(4).read(out.inlined);
}

ordered_json to_value(const symbols::stack_profile& profile) {
  ordered_json frames = ordered_json::array();
  for (const symbols::frame& f : profile.frames) frames.push_back(to_value(f));
  ordered_json stacks = ordered_json::array();
  for (const folded_stack& s : profile.stacks) {
    ordered_json stack = ordered_json::array({s.count});
    for (const std::uint32_t frame : s.frames) stack.push_back(frame);
    stacks.push_back(std::move(stack));
  }
  ordered_json value = ordered_json::object();
  if (profile.kind != symbols::profile_kind::cpu) value["kind"] = word(profile_kind_words, profile.kind);
  value.update({{"collector", profile.collector},
                {"unavailable", profile.unavailable},
                {"note", profile.note},
                {"frequency_hz", profile.frequency_hz},
                {"samples", profile.samples},
                {"discarded", profile.discarded},
                {"lost", profile.lost},
                {"unrooted", profile.unrooted}});
  if (!profile.threads.empty()) {
    ordered_json threads = ordered_json::array();
    for (const symbols::profiled_thread& t : profile.threads) {
      threads.push_back({t.pid, t.tid, t.name, t.process});
    }
    value["threads"] = std::move(threads);
  }
  value["frames"] = std::move(frames);
  value["stacks"] = std::move(stacks);
  put_numbers(value, "values", profile.stacks, [](const folded_stack& s) { return s.value; });
  put_numbers(value, "stack_threads", profile.stacks,
              [](const folded_stack& s) { return std::uint64_t{s.thread}; });
  return value;
}

void read(const node& from, symbols::stack_profile& out) {
  if (from.has("kind")) from["kind"].read(out.kind, profile_kind_words);
  from["collector"].read(out.collector);
  from["unavailable"].read(out.unavailable);
  from["note"].read(out.note);
  from["frequency_hz"].read(out.frequency_hz);
  from["samples"].read(out.samples);
  from["discarded"].read(out.discarded);
  from["lost"].read(out.lost);
  from["unrooted"].read(out.unrooted);
  if (from.has("threads")) {
    read_all(from["threads"], out.threads,
             [](const node& one, symbols::profiled_thread& thread) { read(one, thread); });
  }
  read_all(from["frames"], out.frames, [](const node& one, symbols::frame& frame) { read(one, frame); });

  const node stacks = from["stacks"];
  std::uint64_t counted = 0;
  read_all(stacks, out.stacks, [&](const node& one, folded_stack& stack) {
    read(one, stack, out.frames.size());
    if (__builtin_add_overflow(counted, stack.count, &counted))
      one.fail("counts that add up to less than 2^64");
  });
  std::uint64_t valued = 0;
  read_numbers(from, "values", out.stacks.size(),
               [&](const node& values, std::size_t i, std::uint64_t value) {
                 out.stacks[i].value = value;
                 if (__builtin_add_overflow(valued, value, &valued))
                   values.at(i).fail("values that add up to less than 2^64");
               });
  read_numbers(from, "stack_threads", out.stacks.size(),
               [&](const node& numbers, std::size_t i, std::uint64_t thread) {
                 if (thread >= out.threads.size()) numbers.at(i).fail("the index of a thread");
                 out.stacks[i].thread = static_cast<std::uint32_t>(thread);
               });
}

}  // namespace deft::store
