#include "store/paired_json.hpp"

#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "store/profile_json.hpp"

namespace deft::store {
namespace {

using diff::paired_stack;
using diff::profiled_process;
using diff::profiled_side;

ordered_json to_value(const profiled_side& side) {
  ordered_json iteration_ns = ordered_json::array();
  for (const profiled_process& p : side.processes) iteration_ns.push_back(p.iteration_ns);
  ordered_json code = ordered_json::array();
  for (const symbols::annotated_function& f : side.code) code.push_back(store::to_value(f));
  return {{"iteration_ns", std::move(iteration_ns)},
          {"discarded", side.discarded},
          {"lost", side.lost},
          {"unrooted", side.unrooted},
          {"code", std::move(code)}};
}

void read(const node& from, profiled_side& out) {
  read_all(from["iteration_ns"], out.processes, [](const node& one, profiled_process& process) {
    one.read(process.iteration_ns);
    if (!std::isfinite(process.iteration_ns) || process.iteration_ns < 0) one.fail("a number of at least 0");
  });
  from["discarded"].read(out.discarded);
  from["lost"].read(out.lost);
  from["unrooted"].read(out.unrooted);
  read_all(from["code"], out.code,
           [](const node& one, symbols::annotated_function& function) { store::read(one, function); });
}

void read_numbers(const node& from, std::vector<std::uint32_t>& out) {
  out.resize(from.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    std::uint64_t number = 0;
    from.read_at(i, number);
    if (number > UINT32_MAX) from.at(i).fail("a whole number below 2^32");
    out[i] = static_cast<std::uint32_t>(number);
  }
}

/// Their sums per process are the processes' samples.
void read_counts(const node& from, std::vector<std::uint32_t>& out, profiled_side& side) {
  expect_size(from, side.processes.size(), "a number for each round");
  read_numbers(from, out);
  for (std::size_t round = 0; round < out.size(); ++round) side.processes[round].samples += out[round];
}

}  // namespace

ordered_json to_value(const diff::profile_rounds& rounds) {
  ordered_json frames = ordered_json::array();
  for (const symbols::frame& f : rounds.frames) frames.push_back(to_value(f));
  ordered_json stacks = ordered_json::array();
  for (const paired_stack& s : rounds.stacks)
    stacks.push_back(ordered_json::array({s.frames, s.base, s.head}));
  return {{"collector", rounds.collector}, {"unavailable", rounds.unavailable},
          {"note", rounds.note},           {"frequency_hz", rounds.frequency_hz},
          {"base", to_value(rounds.base)}, {"head", to_value(rounds.head)},
          {"frames", std::move(frames)},   {"stacks", std::move(stacks)}};
}

void read(const node& from, diff::profile_rounds& out) {
  from["collector"].read(out.collector);
  from["unavailable"].read(out.unavailable);
  from["note"].read(out.note);
  from["frequency_hz"].read(out.frequency_hz);
  read(from["base"], out.base);
  read(from["head"], out.head);
  expect_size(from["head"]["iteration_ns"], out.base.processes.size(), "as many rounds as base has");
  read_all(from["frames"], out.frames, [](const node& one, symbols::frame& frame) { read(one, frame); });
  read_all(from["stacks"], out.stacks, [&out](const node& one, paired_stack& stack) {
    expect_size(one, 3, "[frames, counts of base, counts of head]");
    const node frames = one.at(0);
    read_numbers(frames, stack.frames);
    for (std::size_t i = 0; i < stack.frames.size(); ++i) {
      if (stack.frames[i] >= out.frames.size()) frames.at(i).fail("the index of a frame");
    }
    read_counts(one.at(1), stack.base, out.base);
    read_counts(one.at(2), stack.head, out.head);
  });
}

}  // namespace deft::store
