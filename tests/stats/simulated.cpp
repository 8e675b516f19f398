#include "tests/stats/simulated.hpp"

#include <cmath>
#include <utility>

namespace deft::tests {

simulated_benchmark::simulated_benchmark(std::uint64_t seed, double effect, disturbance d)
    : random_(seed), effect_(effect), disturbance_(d) {}

measure::process_run simulated_benchmark::process(double level) {
  std::student_t_distribution<double> heavy(3);
  std::normal_distribution<double> normal;
  level += disturbance_.process * normal(random_);
  measure::process_run run;
  for (int i = 0; i < 4; ++i) {
    const double ns = 1000 * std::exp(level + disturbance_.repetition * heavy(random_));
    run.push_back({ns, ns, 20'000});
  }
  return run;
}

measure::round simulated_benchmark::measure_round(bool confirmation) {
  double wild[3] = {0, 0, 0};
  std::uniform_real_distribution<double> uniform;
  if (uniform(random_) < disturbance_.wild_rounds) {
    wild[random_() % 3] = std::exponential_distribution<double>(1 / disturbance_.wild_size)(random_);
  }
  measure::round round;
  round.base = process(wild[0]);
  round.head = process(effect_ + wild[1]);
  round.control = process(wild[2]);
  round.confirmation = confirmation;
  return round;
}

std::vector<measure::comparison> measure_as_planned(std::vector<simulated_benchmark> benchmarks,
                                                    const stats::rule& rule) {
  std::vector<measure::comparison> run(benchmarks.size());
  for (std::size_t i = 0; i < run.size(); ++i) run[i].name = "benchmark " + std::to_string(i);
  for (bool done = false; !done;) {
    done = true;
    const std::vector<stats::step> steps = stats::plan(run, rule);
    for (std::size_t i = 0; i < run.size(); ++i) {
      for (std::uint32_t k = 0; k < steps[i].rounds; ++k) {
        run[i].rounds.push_back(benchmarks[i].measure_round(steps[i].confirmation));
        done = false;
      }
    }
  }
  return run;
}

measure::round flat_round(double base_ns, double head_ns, double control_ns, std::size_t repetitions) {
  measure::round round;
  round.base.assign(repetitions, {base_ns, base_ns, 1000});
  round.head.assign(repetitions, {head_ns, head_ns, 1000});
  round.control.assign(repetitions, {control_ns, control_ns, 1000});
  return round;
}

std::vector<measure::round> steady_rounds(std::size_t rounds, double head, double control, double spread,
                                          bool confirmation) {
  std::vector<measure::round> result;
  for (std::size_t i = 0; i < rounds; ++i) {
    // Opposite signs, so that neither is a copy of the other.
    const double wobble = spread * (i % 2 == 0 ? 1 : -1);
    const double other = spread * (i % 4 < 2 ? 1 : -1);
    result.push_back(flat_round(100, 100 * head * (1 + wobble), 100 * control * (1 + other)));
    result.back().confirmation = confirmation;
  }
  return result;
}

}  // namespace deft::tests
