#include "measure/session.hpp"

#include <algorithm>
#include <span>

#include <sys/resource.h>

#include "support/interrupt.hpp"

namespace deft::measure {

using clock = std::chrono::steady_clock;
using support::error;
using support::error_kind;

namespace {

/// Processor time of all children that were waited for.
double children_cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_CHILDREN, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

support::result<session> session::make(std::vector<contender> contenders, session_settings settings) {
  auto runner = round_runner::make(settings.seed);
  if (!runner) return runner.error();
  return session(*std::move(runner), std::move(contenders), settings);
}

session::session(round_runner runner, std::vector<contender> contenders, session_settings settings)
    : runner_(std::move(runner)),
      contenders_(std::move(contenders)),
      settings_(settings),
      random_(settings.seed + 1) {}  // Not the runner's sequence again.

void session::add(std::string name, measure::method how, std::size_t contender) {
  subject s;
  s.name = std::move(name);
  s.method = how;
  s.contender = contender;
  subjects_.push_back(std::move(s));
  efforts_.push_back({settings_.process.repetitions, {}});
}

support::result<round> session::run_round(const subject& s, std::uint32_t repetitions) {
  process_settings process = settings_.process;
  process.repetitions = repetitions;
  const contender& c = contenders_[s.contender];
  if (c.head) return runner_.compare(c.base, *c.head, s.name, s.method, process);
  auto run = runner_.run(c.base, s.name, s.method, process);
  if (!run) return run.error();
  round measured;
  measured.base = *std::move(run);
  return measured;
}

/// Where a round takes much more processor time than its repetitions ask for, that is the set-up, which each
/// repetition does again. The process is what counts, so fewer repetitions buy more of them. Wall time would
/// not do as a measure: on a busy machine everything is slow, and that is no reason to measure less.
void session::note_cost(std::size_t index, clock::duration wall, double cpu_seconds) {
  effort& e = efforts_[index];
  e.spent += wall;
  const double processes = contenders_[subjects_[index].contender].head ? 3 : 1;
  const double expected = processes * e.repetitions * settings_.process.min_time_seconds * 1.5;
  const double affordable = std::max(1.0, 3 * expected);
  if (cpu_seconds > affordable)
    e.repetitions = std::max(1U, static_cast<std::uint32_t>(e.repetitions * affordable / cpu_seconds));
  subjects_[index].out_of_time = e.spent >= settings_.budget;
}

support::result<void> session::measure(const std::vector<request>& requests, const observer& watch) {
  std::size_t wanted = 0;
  std::uint32_t sweeps = 0;
  for (const request& r : requests) {
    wanted += r.rounds;
    sweeps = std::max(sweeps, r.rounds);
  }
  std::vector<request> order = requests;
  std::size_t done = 0;
  for (std::uint32_t sweep = 0; sweep < sweeps; ++sweep) {
    random_.shuffle(std::span(order));
    for (const request& r : order) {
      if (sweep >= r.rounds) continue;
      subject& s = subjects_[r.index];
      if (support::interrupted()) return error{error_kind::interrupted, "stopped by the user"};
      if (watch) watch(s, done, wanted);
      ++done;
      if (!s.active()) continue;
      const auto begin = clock::now();
      const double cpu_before = children_cpu_seconds();
      auto measured = run_round(s, efforts_[r.index].repetitions);
      if (!measured && measured.error().kind == error_kind::interrupted) return measured.error();
      if (measured) {
        measured->confirmation = r.confirmation;
        s.rounds.push_back(*std::move(measured));
      } else {
        s.failure = measured.error().message;
        s.skipped = measured.error().kind == error_kind::unavailable;
      }
      note_cost(r.index, clock::now() - begin, children_cpu_seconds() - cpu_before);
    }
  }
  return {};
}

}  // namespace deft::measure
