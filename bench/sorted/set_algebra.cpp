// Union, intersection, difference and symmetric difference of flat_sets, beside the standard's algorithms
// into a vector that has room. Half of each operand's keys are in the other.
#include "deft/sorted/set_algebra.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "deft/sorted/flat_set.hpp"

#include "bench/support/keys.hpp"

namespace {

using deft_bench::size_step;
using key = std::uint64_t;
using set = deft::flat_set<key>;

// Several pairs in turn: a branch predictor learns a merge of up to some thousand steps by heart.
struct operands {
  std::vector<std::pair<set, set>> pairs;

  explicit operands(std::size_t size) {
    const std::size_t count = std::max<std::size_t>(1, 200'000 / size);
    deft_bench::split_mix next(size);
    for (std::size_t i = 0; i < count; ++i) {
      std::vector<key> a;
      std::vector<key> b;
      while (a.size() < size) {
        const key shared = next();
        a.insert(a.end(), {shared, next()});
        b.insert(b.end(), {shared, next()});
      }
      pairs.emplace_back(set(std::move(a)), set(std::move(b)));
    }
  }
};

template <typename Operation>
void register_operation(const std::string& name, const size_step& step, const std::string& peer,
                        Operation operation) {
  benchmark::RegisterBenchmark(
      ("set_algebra/" + name + "/u64/" + step.name + "/" + peer).c_str(), [=](benchmark::State& state) {
        const operands sets(step.size);
        std::size_t i = 0;
        for (auto _ : state) {
          const auto& [a, b] = sets.pairs[i];
          if (++i == sets.pairs.size()) i = 0;
          auto result = operation(a, b);
          benchmark::DoNotOptimize(result);
        }
        state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(2 * step.size));
      });
}

template <typename Deft, typename Standard>
void register_rows(const std::string& name, const size_step& step, Deft deft, Standard standard) {
  register_operation(name, step, "deft", deft);
  register_operation(name, step, "std", [=](const set& a, const set& b) {
    std::vector<key> out;
    out.reserve(a.size() + b.size());
    standard(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
    return out;
  });
}

[[maybe_unused]] const bool registered = [] {
  for (const size_step& step : deft_bench::sizes) {
    if (step.size > 1'000'000) continue;
    register_rows(
        "union", step, [](const set& a, const set& b) { return a | b; },
        [](auto... range) { std::set_union(range...); });
    register_rows(
        "intersection", step, [](const set& a, const set& b) { return a & b; },
        [](auto... range) { std::set_intersection(range...); });
    register_rows(
        "difference", step, [](const set& a, const set& b) { return a - b; },
        [](auto... range) { std::set_difference(range...); });
    register_rows(
        "symmetric_difference", step, [](const set& a, const set& b) { return a ^ b; },
        [](auto... range) { std::set_symmetric_difference(range...); });
  }
  return true;
}();

}  // namespace
