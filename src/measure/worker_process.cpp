#include "measure/worker_process.hpp"

#include <algorithm>
#include <cerrno>
#include <set>
#include <system_error>
#include <utility>

#include <sched.h>
#include <sys/socket.h>

#include "measure/worker/messages.hpp"
#include "support/files.hpp"
#include "support/interrupt.hpp"
#include "support/one_line.hpp"

namespace deft::measure {
namespace {

using clock = std::chrono::steady_clock;
using support::error;
using support::error_kind;
using trouble = wire::line_socket::trouble;

// A worker greets before it does anything else. Who is silent for so long is a program of another kind, which
// would run for ever; on a machine that is very busy, a worker might need a second.
constexpr std::chrono::seconds patience_for_greeting{5};
constexpr std::chrono::seconds patience_for_leaving{2};

error stopped() {
  return {error_kind::interrupted, "stopped by the user"};
}

std::string last_line(const std::string& file) {
  const auto text = support::read_file(file);
  if (!text) return {};
  std::string_view rest = *text;
  while (!rest.empty() && (rest.back() == '\n' || rest.back() == '\r')) rest.remove_suffix(1);
  const std::size_t begin = rest.rfind('\n');
  if (begin != std::string_view::npos) rest.remove_prefix(begin + 1);
  return support::one_line(std::string(rest.substr(0, 200)));
}

}  // namespace

worker_process::worker_process(support::child process, wire::line_socket socket, std::string complaints)
    : process_(std::move(process)), socket_(std::move(socket)), complaints_(std::move(complaints)) {}

support::result<worker_process> worker_process::start(const program& p, support::spawn_options options,
                                                      const std::string& complaints, time_point until) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return error{error_kind::unavailable, "cannot make a socket: " + std::generic_category().message(errno)};
  wire::line_socket ours(ends[0]);
  std::optional<wire::line_socket> theirs(std::in_place, ends[1]);
  options.argv = {executable(p)};
  options.argv.insert(options.argv.end(), p.arguments.begin(), p.arguments.end());
  // A Google Benchmark program that is no worker prints its list and ends, which takes no time.
  options.argv.push_back("--benchmark_list_tests=true");
  options.environment.insert(options.environment.begin(), p.environment.begin(), p.environment.end());
  options.environment.emplace_back(wire::variable, std::to_string(ends[1]));
  options.inherited.push_back(ends[1]);
  options.stderr_path = complaints;
  auto child = support::spawn(options);
  if (!child) return child.error();
  worker_process made(*std::move(child), std::move(ours), complaints);
  theirs.reset();  // So that its end is closed when the process is gone.

  const auto line = made.socket_.receive(std::min(until, clock::now() + patience_for_greeting),
                                         support::interrupt_descriptor());
  if (!line) {
    if (made.socket_.problem() == trouble::woken) return stopped();
    return error{error_kind::unavailable, p.path + ": does not answer as a worker"};
  }
  const auto hello = wire::parse_reply(*line);
  const auto* greeting = hello ? std::get_if<wire::greeting>(&*hello) : nullptr;
  if (greeting == nullptr) {
    return error{error_kind::benchmark_failed, p.path + ": begins with '" +
                                                   support::one_line(line->substr(0, 100)) +
                                                   "', which is no worker's greeting"};
  }
  if (greeting->version != wire::version) {
    return error{error_kind::benchmark_failed,
                 p.path + ": speaks version " + std::to_string(greeting->version) +
                     " of the worker protocol, this deft " + std::to_string(wire::version)};
  }
  made.suite_ = greeting->suite;
  return made;
}

error worker_process::misunderstood(const std::string& line) {
  return {error_kind::benchmark_failed,
          "sent '" + support::one_line(line.substr(0, 100)) + "', which answers nothing that was asked"};
}

error worker_process::lost() {
  switch (socket_.problem()) {
    case trouble::woken:
      return stopped();
    case trouble::too_late:
      return {error_kind::benchmark_failed, "hang: no answer within the time limit"};
    case trouble::too_long:
      return {error_kind::benchmark_failed,
              "sent a line of more than " + std::to_string(wire::longest_line) + " bytes"};
    default:
      break;
  }
  // It closed its end, and if it is about to die, it does so now.
  const bool cut_off = socket_.problem() == trouble::cut_off;
  std::string message = cut_off ? "its answer is cut off" : "closed the connection";
  if (process_) {
    const auto status = support::wait_all({&*process_, 1}, patience_for_leaving).front();
    process_.reset();
    if (status.interrupted) return stopped();
    if (!status.timed_out) {
      const bool early = status.ok();
      message = (early ? std::string("ended without an answer (") : std::string()) + status.describe() +
                (early ? ")" : "");
    }
  }
  const std::string complaint = last_line(complaints_);
  return {error_kind::benchmark_failed,
          message + (complaint.empty() ? "" : "; its last words: " + complaint)};
}

support::result<std::string> worker_process::receive(time_point until) {
  auto line = socket_.receive(until, support::interrupt_descriptor());
  if (!line) return lost();
  return *std::move(line);
}

support::result<std::vector<std::string>> worker_process::list(time_point until) {
  if (!socket_.send(wire::line_of(wire::list_request{}), until)) return lost();
  std::vector<std::string> names;
  std::set<std::string> seen;
  std::uint64_t lines = 0;
  for (;;) {
    const auto line = receive(until);
    if (!line) return line.error();
    const auto reply = wire::parse_reply(*line);
    if (!reply) return misunderstood(*line);
    if (const auto* one = std::get_if<wire::listed_name>(&*reply)) {
      ++lines;
      if (seen.insert(one->name).second) names.push_back(one->name);
      continue;
    }
    const auto* end = std::get_if<wire::end_of_list>(&*reply);
    if (end == nullptr || end->count != lines) return misunderstood(*line);
    return names;
  }
}

support::result<void> worker_process::ask(const detail::batch_request& wanted, time_point until) {
  if (!socket_.send(wire::line_of(wanted), until)) return lost();
  return {};
}

support::result<detail::batch> worker_process::answer(time_point until) {
  const auto line = receive(until);
  if (!line) return line.error();
  const auto reply = wire::parse_reply(*line);
  if (reply) {
    if (const auto* no = std::get_if<wire::refusal>(&*reply)) {
      return error{no->skipped ? error_kind::unavailable : error_kind::benchmark_failed,
                   support::one_line(no->why)};
    }
    const auto* batch = std::get_if<detail::batch>(&*reply);
    if (batch != nullptr && batch->iterations > 0) return *batch;
  }
  return misunderstood(*line);
}

void worker_process::pin(int cpu) {
  if (!process_) return;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<std::size_t>(cpu), &set);
  ::sched_setaffinity(process_->pid(), sizeof set, &set);
}

void worker_process::quit() {
  if (!process_) return;
  if (socket_.send(wire::line_of(wire::quit_request{}), clock::now() + patience_for_leaving))
    support::wait_all({&*process_, 1}, patience_for_leaving);
  process_.reset();
}

support::result<std::optional<worker_benchmarks>> ask_worker(const program& p,
                                                             std::chrono::milliseconds time_limit) {
  const auto folder = support::temporary_folder::make("worker");
  if (!folder) return folder.error();
  const auto until = clock::now() + time_limit;
  auto worker = worker_process::start(p, {}, (folder->path() / "stderr").string(), until);
  if (!worker) {
    // That a program cannot be started, whoever lists its benchmarks says better.
    if (worker.error().kind == error_kind::unavailable || worker.error().message.starts_with("cannot start"))
      return std::optional<worker_benchmarks>();
    return worker.error();
  }
  auto names = worker->list(until);
  if (!names) return error{names.error().kind, p.path + ": " + names.error().message};
  worker->quit();
  return std::optional(worker_benchmarks{worker->suite(), *std::move(names)});
}

}  // namespace deft::measure
