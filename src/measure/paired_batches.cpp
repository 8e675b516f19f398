#include "measure/paired_batches.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace deft::measure {
namespace {

// As in stats/robust.hpp, which is a stage further up.
double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

bool usable(const batch_block& b, double repetition::* time) {
  return b.base.*time > 0 && b.head.*time > 0 && b.control.*time > 0;
}

/// False if no block has a time in all arms.
bool combine_times(std::span<const batch_block> blocks, double repetition::* time, batch_block& into) {
  std::vector<double> level;
  std::vector<double> head;
  std::vector<double> control;
  for (const batch_block& block : blocks) {
    if (!usable(block, time)) continue;
    const double b = std::log(block.base.*time);
    const double h = std::log(block.head.*time);
    const double c = std::log(block.control.*time);
    level.push_back(b);
    head.push_back(h - (b + c) / 2);
    control.push_back(c - b);
  }
  if (level.empty()) return false;
  const double base = median(std::move(level));
  const double again = base + median(std::move(control));
  into.base.*time = std::exp(base);
  into.control.*time = std::exp(again);
  into.head.*time = std::exp((base + again) / 2 + median(std::move(head)));
  return true;
}

}  // namespace

std::optional<batch_block> combine(std::span<const batch_block> blocks) {
  batch_block all;
  if (!combine_times(blocks, &repetition::cpu_ns, all)) return std::nullopt;
  combine_times(blocks, &repetition::real_ns, all);
  for (const batch_block& block : blocks) {
    all.base.iterations += block.base.iterations;
    all.head.iterations += block.head.iterations;
    all.control.iterations += block.control.iterations;
  }
  return all;
}

repetition mean_of(const repetition& a, const repetition& b) {
  return {std::sqrt(a.cpu_ns * b.cpu_ns), std::sqrt(a.real_ns * b.real_ns), a.iterations + b.iterations};
}

}  // namespace deft::measure
