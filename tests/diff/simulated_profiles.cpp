#include "tests/diff/simulated_profiles.hpp"

#include <algorithm>
#include <cmath>

namespace deft::tests {

simulated_program::simulated_program(std::uint64_t seed, std::size_t functions) : random_(seed) {
  for (std::size_t f = 0; f < functions; ++f) names_.push_back("function_" + std::to_string(f));
  std::lognormal_distribution<double> weight(0, 1.5);
  nodes_.push_back({0, 0, 0.1});
  // Every function somewhere, and some in several places.
  const std::size_t places = functions + functions / 3;
  for (std::size_t i = 1; i < places; ++i) {
    const auto function = static_cast<std::uint32_t>(i < functions ? i : 1 + random_() % (functions - 1));
    // Among the last few of a deep tree, or anywhere.
    const std::size_t parent =
        random_() % 2 == 0 ? random_() % i : i - 1 - random_() % std::min<std::size_t>(i, 4);
    nodes_.push_back({function, parent, weight(random_)});
  }
}

void simulated_program::slow_down(double share, double by) {
  slowed_ = 1 + random_() % (names_.size() - 1);
  double own = 0;
  double others = 0;
  for (const node& n : nodes_) (n.function == slowed_ ? own : others) += n.weight;
  const double factor = share / (1 - share) * others / own;
  for (node& n : nodes_) {
    if (n.function == slowed_) n.weight *= factor;
  }
  slow_factor_ = 1 + by;
  slowdown_ = share * by;
}

std::vector<std::string> simulated_program::callers() const {
  std::vector<std::string> result;
  for (const node& n : nodes_) {
    if (n.function != slowed_) continue;
    for (const node* up = &n; up != &nodes_[0];) {
      up = &nodes_[up->parent];
      result.push_back(names_[up->function]);
    }
  }
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

diff::profile_rounds simulated_program::measure(const simulated_circumstances& c) {
  diff::profile_rounds result;
  for (const std::string& name : names_) {
    result.frames.push_back({.function = name, .module = "", .file = "", .line = 0, .inlined = false});
  }
  for (const node& n : nodes_) {
    diff::paired_stack stack;
    for (const node* up = &n;; up = &nodes_[up->parent]) {
      stack.frames.push_back(up->function);
      if (up == &nodes_[0]) break;
    }
    std::reverse(stack.frames.begin(), stack.frames.end());
    stack.base.assign(c.rounds, 0);
    stack.head.assign(c.rounds, 0);
    result.stacks.push_back(std::move(stack));
  }
  result.base.processes.resize(c.rounds);
  result.head.processes.resize(c.rounds);
  for (std::size_t i = 0; i < c.rounds; ++i) {
    const double level = 1 + c.drift * static_cast<double>(i) / static_cast<double>(c.rounds);
    for (const bool head : {false, true}) {
      auto& process = (head ? result.head : result.base).processes[i];
      const std::vector<std::uint32_t> counts = sample(c, head, level, process);
      for (std::size_t n = 0; n < nodes_.size(); ++n) {
        (head ? result.stacks[n].head : result.stacks[n].base)[i] = counts[n];
      }
    }
  }
  return result;
}

std::vector<std::uint32_t> simulated_program::sample(const simulated_circumstances& c, bool head,
                                                     double level, diff::profiled_process& process) {
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform;
  std::vector<double> of_function(names_.size(), 1.0);
  if (c.function > 0) {
    for (double& factor : of_function) factor = std::exp(c.function * normal(random_));
  }
  if (head) of_function[slowed_] *= slow_factor_;
  std::vector<double> weights;
  double time = 0;
  for (const node& n : nodes_) {
    weights.push_back(n.weight * of_function[n.function]);
    time += weights.back();
  }
  time *= level * std::exp(c.process * normal(random_));
  if (uniform(random_) < c.wild) time *= uniform(random_) < 0.5 ? 1 + c.wild_size : 1 - c.wild_size;
  process.iteration_ns = time;
  process.samples = c.fewest_samples + random_() % (c.most_samples - c.fewest_samples + 1);
  std::discrete_distribution<std::size_t> place(weights.begin(), weights.end());
  std::vector<std::uint32_t> counts(nodes_.size());
  for (std::uint64_t i = 0; i < process.samples; ++i) ++counts[place(random_)];
  return counts;
}

}  // namespace deft::tests
