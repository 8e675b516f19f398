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
      random_(settings.seed + 1) {  // Not the runner's sequence again.
  if (settings_.whole_budget) deadline_ = clock::now() + *settings_.whole_budget;
  settings_.process.deadline = deadline_;
}

void session::add(std::string name, measure::method how, std::size_t contender) {
  subject s;
  s.name = std::move(name);
  s.method = how;
  s.contender = contender;
  subjects_.push_back(std::move(s));
  efforts_.push_back({settings_.process.repetitions, {}, {}});
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
  e.last_round = wall;
  const double processes = contenders_[subjects_[index].contender].head ? 3 : 1;
  const double expected = processes * e.repetitions * settings_.process.min_time_seconds * 1.5;
  const double affordable = std::max(1.0, 3 * expected);
  if (cpu_seconds > affordable)
    e.repetitions = std::max(1U, static_cast<std::uint32_t>(e.repetitions * affordable / cpu_seconds));
  if (e.spent >= settings_.budget) subjects_[index].out_of_time = true;
}

session::duration session::time_left() const {
  return deadline_ ? *deadline_ - clock::now() : duration::max();
}

/// What each benchmark may have spent at most when this call ends.
std::vector<session::duration> session::allowances(const std::vector<request>& requests) const {
  std::vector<duration> allowed(subjects_.size(), duration::max());
  if (!deadline_) return allowed;
  std::vector<bool> waiting(subjects_.size());  // Some have their turn only after this call.
  for (std::size_t i = 0; i < subjects_.size(); ++i)
    waiting[i] = subjects_[i].active() && subjects_[i].rounds.empty();
  for (const request& r : requests) waiting[r.index] = true;
  const auto count = std::max<duration::rep>(std::count(waiting.begin(), waiting.end(), true), 1);
  for (const request& r : requests) allowed[r.index] = efforts_[r.index].spent + time_left() / count;
  return allowed;
}

support::result<void> session::measure(const std::vector<request>& requests, const observer& watch) {
  std::size_t wanted = 0;
  std::uint32_t sweeps = 0;
  for (const request& r : requests) {
    wanted += r.rounds;
    sweeps = std::max(sweeps, r.rounds);
  }
  std::vector<request> order = requests;
  const std::vector<duration> allowed = allowances(requests);
  std::vector<bool> measured_now(subjects_.size());
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
      const effort& so_far = efforts_[r.index];
      // A round that would end too late is not begun: who has the first rounds of all has something of each.
      if (deadline_ &&
          (time_left() <= so_far.last_round || so_far.spent + so_far.last_round > allowed[r.index])) {
        // With another share of what the others left it may go on in the next call.
        if (!measured_now[r.index]) s.out_of_time = s.cut_short = true;
        continue;
      }
      measured_now[r.index] = true;
      const auto begin = clock::now();
      const double cpu_before = children_cpu_seconds();
      auto measured = run_round(s, efforts_[r.index].repetitions);
      if (!measured && measured.error().kind == error_kind::interrupted) return measured.error();
      if (measured) {
        measured->confirmation = r.confirmation;
        s.rounds.push_back(*std::move(measured));
      } else if (deadline_ && time_left() <= duration::zero()) {
        s.out_of_time = s.cut_short = true;  // It was stopped, and not by its own fault.
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
