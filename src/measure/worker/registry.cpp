#include "measure/worker/registry.hpp"

#include <algorithm>
#include <cstdio>
#include <stdexcept>
#include <utility>

#include "deft/measure/detail/suite.hpp"

namespace deft::measure {

namespace detail {

std::vector<registered_benchmark>& registered_benchmarks() {
  static std::vector<registered_benchmark> all;
  return all;
}

}  // namespace detail

bool add_benchmark(std::string name, void (*function)(state&)) {
  DEFT_PRECONDITION(function != nullptr, "a benchmark needs a function");
  const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  if (name.empty() || std::any_of(name.begin(), name.end(), is_control))
    throw std::invalid_argument("a benchmark needs a name without control characters");
  auto& all = detail::registered_benchmarks();
  const auto taken = [&name](const detail::registered_benchmark& other) { return other.name == name; };
  if (std::any_of(all.begin(), all.end(), taken))
    throw std::invalid_argument("there are two benchmarks named " + name);
  all.push_back({std::move(name), function});
  return true;
}

int run_benchmarks(int count, char** arguments) {
  if (detail::driven()) return detail::serve_registered();
  const std::string chosen = count > 1 ? arguments[1] : "";
  if (chosen == "--list") {
    for (const auto& b : detail::registered_benchmarks()) std::printf("%s\n", b.name.c_str());
    return 0;
  }
  return detail::print_times(chosen);
}

}  // namespace deft::measure
