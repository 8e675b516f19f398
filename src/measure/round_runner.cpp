#include "measure/round_runner.hpp"

#include <algorithm>
#include <cstdio>
#include <span>

#include "measure/arm_failures.hpp"
#include "measure/batch_rounds.hpp"
#include "measure/benchmark_output.hpp"
#include "support/process.hpp"

namespace deft::measure {
namespace {

using clock = std::chrono::steady_clock;
using support::error;
using support::error_kind;

std::string decimal(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

/// The last line that says something: what a program wrote before it died.
std::string last_line(const std::filesystem::path& file) {
  const auto text = support::read_file(file);
  if (!text) return {};
  std::string_view rest = *text;
  while (!rest.empty() && (rest.back() == '\n' || rest.back() == '\r')) rest.remove_suffix(1);
  const std::size_t begin = rest.rfind('\n');
  if (begin != std::string_view::npos) rest.remove_prefix(begin + 1);
  return std::string(rest.substr(0, 200));
}

/// The files of one process.
struct process_files {
  std::filesystem::path output;
  std::filesystem::path complaints;
};

process_files files_in(const std::filesystem::path& folder, std::size_t index) {
  const std::string stem = "process-" + std::to_string(index);
  return {folder / (stem + ".json"), folder / (stem + ".stderr")};
}

support::spawn_options spawn_options_for(const program& p, const std::string& name,
                                         const process_settings& settings, const process_files& files,
                                         random_source& random) {
  support::spawn_options options;
  options.environment = p.environment;
  options.environment.emplace_back("DEFT_ENVIRONMENT_PADDING", std::string(random.below(4096), 'x'));
  options.stderr_path = files.complaints.string();
  options.argv = {p.command ? p.path : executable(p)};
  options.argv.insert(options.argv.end(), p.arguments.begin(), p.arguments.end());
  if (p.command) {
    if (p.command->show_output) options.stdout_path = options.stderr_path = "";
    options.hold = true;  // So that the clock starts when the command does, not when it is being forked.
    return options;
  }
  // A plain number, not "0.02s": the version in Debian 12 takes nothing else, and newer ones still take it.
  // The format of stdout is set because then the context lines do not go to stderr, which is quoted when a
  // process dies.
  for (const std::string& flag :
       {"--benchmark_filter=" + exact_filter(name),
        "--benchmark_repetitions=" + std::to_string(settings.repetitions),
        "--benchmark_min_time=" + decimal(settings.min_time_seconds),
        "--benchmark_out=" + files.output.string(), std::string("--benchmark_out_format=json"),
        std::string("--benchmark_format=json"), std::string("--benchmark_report_aggregates_only=false")}) {
    options.argv.push_back(flag);
  }
  return options;
}

/// How long processes may take that share a core.
std::chrono::milliseconds patience_of(const process_settings& settings, int sharing) {
  const std::chrono::milliseconds usual = settings.time_limit * sharing;
  if (!settings.deadline) return usual;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*settings.deadline - clock::now());
  return std::clamp(left, std::chrono::milliseconds(0), usual);
}

/// What the clock and the kernel say of one process.
process_run whole_process(const support::exit_status& status, clock::time_point begin) {
  const double real = std::chrono::duration<double, std::nano>(status.end - begin).count();
  return {{status.cpu_seconds * 1e9, real, 1}};
}

/// Whether the process ended as it should.
support::result<void> check(const support::exit_status& status, const program& p, const process_files& files,
                            const process_settings& settings) {
  if (status.interrupted) return error{error_kind::interrupted, "stopped by the user"};
  if (status.timed_out) {
    return error{error_kind::benchmark_failed,
                 "hang: no end within the time limit of " +
                     decimal(static_cast<double>(settings.time_limit.count()) / 1000) + " s"};
  }
  const bool accepted = status.code >= 0 && p.command && p.command->any_exit_code;
  if (!status.ok() && !accepted) {
    const std::string complaint = last_line(files.complaints);
    return error{error_kind::benchmark_failed,
                 status.describe() + (complaint.empty() ? "" : "; its last words: " + complaint)};
  }
  return {};
}

support::result<process_run> collect(const process_files& files, const std::string& name) {
  const auto text = support::read_file(files.output);
  if (!text) return error{error_kind::benchmark_failed, "ended without writing its results"};
  if (text->empty() && last_line(files.complaints).starts_with("Failed to match any benchmarks"))
    return error{error_kind::benchmark_failed, "no benchmark of this name"};
  return parse_benchmark_output(*text, name);
}

support::result<process_run> outcome_of(const program& p, const support::exit_status& status,
                                        clock::time_point begin, const process_files& files,
                                        const std::string& name, method how,
                                        const process_settings& settings) {
  if (const auto ended = check(status, p, files, settings); !ended) return ended.error();
  auto run = p.command ? whole_process(status, begin) : collect(files, name);
  if (!run) return run;
  const auto has_time = [how](const repetition& r) {
    return (counts_cpu_time(how) ? r.cpu_ns : r.real_ns) > 0;
  };
  if (std::none_of(run->begin(), run->end(), has_time))
    return error{error_kind::benchmark_failed,
                 counts_cpu_time(how) ? "reports no CPU time" : "reports no wall time"};
  return run;
}

void forget(const process_files& files) {
  std::error_code ignored;
  std::filesystem::remove(files.output, ignored);
  std::filesystem::remove(files.complaints, ignored);
}

}  // namespace

support::result<round_runner> round_runner::make(std::uint64_t seed) {
  auto folder = support::temporary_folder::make("measure");
  if (!folder) return folder.error();
  return round_runner(*std::move(folder), seed);
}

round_runner::round_runner(support::temporary_folder folder, std::uint64_t seed)
    : folder_(std::move(folder)), random_(seed), cpus_(support::allowed_cpus()) {
  // The last one first: interrupts and whatever does not care tend to land on processor 0.
  std::reverse(cpus_.begin(), cpus_.end());
}

/// A different core each round: one that has a busy neighbour or a slow clock then spoils one round in so
/// many, instead of every round.
int round_runner::next_cpu() {
  return cpus_[turn_++ % cpus_.size()];
}

batch_round_plan round_runner::batches(method how, const process_settings& settings) {
  batch_round_plan plan{how, settings, {}, folder_.path()};
  if (!cpus_.empty()) {
    plan.cpus.push_back(next_cpu());
    if (how == method::duet && cpus_.size() > 1) plan.cpus.push_back(cpus_[turn_ % cpus_.size()]);
  }
  return plan;
}

support::result<round> round_runner::compare(const program& base, const program& head,
                                             const std::string& name, method how,
                                             const process_settings& settings) {
  if (is_driven(how)) return run_batch_round(base, &head, name, batches(how, settings), random_);
  if (!base.command) return compare_once(base, head, name, how, settings);
  round all;
  for (std::uint32_t i = 0; i < settings.repetitions; ++i) {
    const auto one = compare_once(base, head, name, how, settings);
    if (!one) return one.error();
    for (const auto arm : {&round::base, &round::head, &round::control})
      (all.*arm).insert((all.*arm).end(), ((*one).*arm).begin(), ((*one).*arm).end());
  }
  return all;
}

support::result<round> round_runner::compare_once(const program& base, const program& head,
                                                  const std::string& name, method how,
                                                  const process_settings& settings) {
  round measured;
  std::vector<task> tasks{{"base", &base, &measured.base},
                          {"head", &head, &measured.head},
                          {"base (control)", &base, &measured.control}};
  random_.shuffle(std::span(tasks));
  const auto outcome = how == method::same_core ? run_together(std::move(tasks), name, settings)
                                                : run_in_turn(std::move(tasks), name, settings);
  if (!outcome) return outcome.error();
  return measured;
}

support::result<process_run> round_runner::run(const program& p, const std::string& name, method how,
                                               const process_settings& settings) {
  if (is_driven(how)) {
    const auto driven = run_batch_round(p, nullptr, name, batches(how, settings), random_);
    if (!driven) return driven.error();
    return driven->base;
  }
  process_run measured;
  std::vector<task> tasks{{"", &p, &measured}};
  const auto outcome = how == method::same_core ? run_together(std::move(tasks), name, settings)
                                                : run_in_turn(std::move(tasks), name, settings);
  if (!outcome) return outcome.error();
  return measured;
}

support::result<void> round_runner::run_together(std::vector<task> tasks, const std::string& name,
                                                 const process_settings& settings) {
  std::vector<support::child> children;
  std::vector<process_files> files;
  const auto cpu = cpus_.empty() ? std::nullopt : std::optional(next_cpu());
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    files.push_back(files_in(folder_.path(), i));
    auto options = spawn_options_for(*tasks[i].subject, name, settings, files[i], random_);
    options.cpu = cpu;
    options.hold =
        true;  // All are let go at once; else the first would have measured while the last is being forked.
    auto child = support::spawn(options);
    if (!child) return error{child.error().kind, prefixed(tasks[i].arm, child.error().message)};
    children.push_back(*std::move(child));
  }
  const auto begin = clock::now();
  for (support::child& child : children) child.release();
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    // A program that did not start has an exit code, too, which a command may be allowed.
    if (!tasks[i].subject->command) continue;
    if (const auto started = children[i].start(); !started)
      return error{started.error().kind, prefixed(tasks[i].arm, started.error().message)};
  }
  // They share a core, so each gets its time only in as many times the time.
  const auto patience = patience_of(settings, static_cast<int>(tasks.size()));
  const auto statuses = support::wait_all(children, patience);
  arm_failures failed;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    auto run = outcome_of(*tasks[i].subject, statuses[i], begin, files[i], name, method::same_core, settings);
    if (run) {
      *tasks[i].into = *std::move(run);
    } else {
      failed.add(tasks[i].arm, run.error());
    }
    forget(files[i]);
  }
  return failed.outcome();
}

support::result<void> round_runner::run_in_turn(std::vector<task> tasks, const std::string& name,
                                                const process_settings& settings) {
  arm_failures failed;
  for (std::size_t i = 0; i < tasks.size() && !failed.interrupted(); ++i) {
    const process_files files = files_in(folder_.path(), i);
    const auto options = spawn_options_for(*tasks[i].subject, name, settings, files, random_);
    auto child = support::spawn(options);
    if (!child) return error{child.error().kind, prefixed(tasks[i].arm, child.error().message)};
    const auto begin = clock::now();
    if (const auto started = child->start(); !started)
      return error{started.error().kind, prefixed(tasks[i].arm, started.error().message)};
    const auto status = support::wait_all({&*child, 1}, patience_of(settings, 1)).front();
    auto run = outcome_of(*tasks[i].subject, status, begin, files, name, method::alternating, settings);
    if (run) {
      *tasks[i].into = *std::move(run);
    } else {
      failed.add(tasks[i].arm, run.error());
    }
    forget(files);
  }
  return failed.outcome();
}

}  // namespace deft::measure
