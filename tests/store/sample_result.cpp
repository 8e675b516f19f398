#include "tests/store/sample_result.hpp"

namespace deft::tests {
namespace {

symbols::stack_profile sample_profile() {
  symbols::stack_profile profile;
  profile.collector = "perf_event cpu-clock + user stack copies";
  profile.unavailable = "not really";
  profile.frequency_hz = 999;
  profile.samples = 7;
  profile.discarded = 3;
  profile.lost = 1;
  profile.unrooted = 2;
  profile.frames = {{"_start", "program", "", 0, false},
                    {"f<\"x\", '\\n'>(int)", "lib.so", "f.cpp", 12, true}};
  profile.stacks = {{{0}, 3}, {{0, 1, 1}, 4}};
  return profile;
}

}  // namespace

store::result_file sample_result() {
  store::result_file file;
  file.kind = store::run_kind::comparison;
  file.deft_version = "0.1.0";
  file.created = "2026-11-22T07:30:00Z";
  file.duration_seconds = 12.75;
  file.interrupted = true;
  file.note = "a note, \xC3\xA9";
  file.machine = {"A processor", 2, 4'000'000'000, "Linux 6.1", "Debian", "available"};
  file.noise = {0.5, 1.25, 0.01, 0.1, 0.004, 99};
  file.base = {"abc1234", "build/base", "abc1234abc1234"};
  file.head = {"work tree", "build/head", ""};
  file.seed = 18'446'744'073'709'551'615U;
  file.band = 0.02;
  file.confidence = 0.99;

  store::benchmark compared;
  compared.name = "sorted_vector/insort/u64/1e5";
  compared.method = measure::method::alternating;
  compared.rounds.resize(2);
  compared.rounds[0].base = {{1.1, 2.2, 3}, {0.1, 1e-300, 1}};
  compared.rounds[0].head = {{1.0 / 3, 1e300, 18'446'744'073'709'551'615U}};
  compared.rounds[0].control = {{5, 6, 7}};
  compared.rounds[1].confirmation = true;
  compared.decision.emplace();
  compared.decision->verdict = stats::verdict::regressed;
  compared.decision->head = {1.05, 1.03, 1.07};
  compared.decision->control = {1.001, 0.99, 1.01};
  compared.decision->smallest_effect = 0.03;
  compared.decision->p_value = 1e-9;
  compared.decision->confirmed = true;
  compared.decision->reason = "slower";
  compared.decision->layout_floor = 0.031;
  compared.base_ns = 100.5;
  compared.head_ns = 105.5;
  compared.profile = sample_profile();
  compared.base_profile = sample_profile();
  compared.base_profile->stacks.clear();

  store::benchmark failed;
  failed.name = "crash";
  failed.failure = "head: killed by SIGSEGV (Segmentation fault)";

  file.benchmarks = {compared, failed};
  return file;
}

}  // namespace deft::tests
