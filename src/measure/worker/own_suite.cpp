#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <optional>

#include "measure/worker/batch_source.hpp"
#include "measure/worker/channel.hpp"
#include "measure/worker/registry.hpp"

namespace deft::measure::detail {
namespace {

/// Answers deft from inside the loop of a benchmark, as long as deft asks for the same one: what was set up
/// for it stays.
class driven_source final : public batch_source {
 public:
  driven_source(wire::channel& channel, const std::vector<std::string>& names)
      : channel_(channel), names_(names) {}

  void serve() {
    request_ = channel_.next(names_);
    while (request_) {
      const std::size_t now = request_->benchmark;
      run(registered_benchmarks()[now].function);
      // It left its loop although more was wanted of it, or never came to it.
      if (request_ && request_->benchmark == now) {
        channel_.reply(
            wire::refusal{refusal().empty() ? "left its loop before the end" : refusal(), skipped()});
        request_ = channel_.next(names_);
      }
    }
  }

 private:
  std::uint64_t choose(const batch* ended) override {
    const std::size_t now = request_->benchmark;
    if (ended == nullptr) tried_.erase(now);
    if (ended != nullptr && answering_) {
      channel_.reply(*ended);
      request_ = channel_.next(names_);
      if (!request_ || request_->benchmark != now) return 0;
    }
    answering_ = true;
    if (request_->iterations > 0) return request_->iterations;
    known_time& known = tried_[now];
    if (known.nanoseconds != request_->nanoseconds) known = {request_->nanoseconds, {}};
    const std::uint64_t another =
        known.found.learn(ended != nullptr && known.trying ? ended : nullptr, request_->nanoseconds);
    known.trying = another > 0;
    answering_ = another == 0;
    return another > 0 ? another : known.found.iterations();
  }

  struct known_time {
    std::uint64_t nanoseconds = 0;
    calibration found;
    bool trying = false;
  };

  wire::channel& channel_;
  const std::vector<std::string>& names_;
  std::optional<detail::batch_request> request_;
  bool answering_ = false;  // The batch that runs was asked for; else it only finds out how long one takes.
  std::map<std::size_t, known_time> tried_;
};

/// For people: five batches of 20 ms.
class printed_source final : public batch_source {
 public:
  /// Of processor time, per iteration; the middle one of all batches.
  double nanoseconds() {
    std::sort(times_.begin(), times_.end());
    return times_[times_.size() / 2];
  }

  bool whole() const noexcept { return taken_ == times_.size(); }

 private:
  static constexpr std::uint64_t batch_ns = 20'000'000;

  std::uint64_t choose(const batch* ended) override {
    if (const std::uint64_t another = found_.learn(ended, batch_ns); another > 0) return another;
    if (counting_ && taken_ < times_.size())
      times_[taken_++] = static_cast<double>(ended->cpu_ns) / static_cast<double>(ended->iterations);
    counting_ = true;
    return whole() ? 0 : found_.iterations();
  }

  calibration found_;
  bool counting_ = false;
  std::size_t taken_ = 0;
  std::array<double, 5> times_{};
};

}  // namespace

int serve_registered() {
  auto channel = wire::channel::open("deft");
  std::vector<std::string> names;
  for (const registered_benchmark& b : registered_benchmarks()) names.push_back(b.name);
  driven_source(channel, names).serve();
  return channel.result();
}

int print_times(const std::string& chosen) {
  bool some = false;
  bool failed = false;
  std::size_t width = 0;
  for (const registered_benchmark& b : registered_benchmarks()) width = std::max(width, b.name.size());
  for (const registered_benchmark& b : registered_benchmarks()) {
    if (b.name.find(chosen) == std::string::npos) continue;
    some = true;
    printed_source source;
    source.run(b.function);
    if (source.refusal().empty() && !source.whole()) source.refuse("left its loop before the end", false);
    std::printf("%-*s  ", static_cast<int>(width), b.name.c_str());
    if (source.refusal().empty()) {
      std::printf("%.4g ns\n", source.nanoseconds());
    } else {
      std::printf("%s: %s\n", source.skipped() ? "skipped" : "failed", source.refusal().c_str());
      failed = failed || !source.skipped();
    }
    std::fflush(stdout);
  }
  if (!some) std::fprintf(stderr, "no benchmark's name contains '%s'\n", chosen.c_str());
  return some && !failed ? 0 : 1;
}

}  // namespace deft::measure::detail
