#include "measure/session.hpp"

#include <algorithm>
#include <span>

#include "support/interrupt.hpp"

namespace deft::measure {

using clock = std::chrono::steady_clock;
using support::error;
using support::error_kind;

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

/// Where a round is dear, it is the set-up, which each repetition does again; the process is what counts, so
/// fewer repetitions buy more of them.
void session::note_cost(std::size_t index, clock::duration cost) {
  static constexpr std::chrono::duration<double> dear{1.0};
  effort& e = efforts_[index];
  e.spent += cost;
  if (cost > dear) {
    const double affordable =
        static_cast<double>(e.repetitions) * (dear / std::chrono::duration<double>(cost));
    e.repetitions = std::max(1U, static_cast<std::uint32_t>(affordable));
  }
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
      auto measured = run_round(s, efforts_[r.index].repetitions);
      if (!measured && measured.error().kind == error_kind::interrupted) return measured.error();
      if (measured) {
        measured->confirmation = r.confirmation;
        s.rounds.push_back(*std::move(measured));
      } else {
        s.failure = measured.error().message;
        s.skipped = measured.error().kind == error_kind::unavailable;
      }
      note_cost(r.index, clock::now() - begin);
    }
  }
  return {};
}

}  // namespace deft::measure
