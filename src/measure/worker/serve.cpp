#include <cstdlib>
#include <exception>

#include "deft/measure/detail/suite.hpp"

#include "measure/worker/channel.hpp"
#include "measure/worker/meter.hpp"

namespace deft::measure::detail {
namespace {

batch_answer run(suite& benchmarks, const batch_request& request) {
  try {
    return benchmarks.run(request);
  } catch (const std::exception& failure) {
    return {{}, std::string("threw an exception: ") + failure.what(), false};
  } catch (...) {
    return {{}, "threw an exception", false};
  }
}

}  // namespace

suite::~suite() = default;

bool driven() noexcept {
  return std::getenv(wire::variable) != nullptr;
}

int serve(suite& benchmarks) {
  auto channel = wire::channel::open("google-benchmark");
  const std::vector<std::string> names = benchmarks.names();
  wire::meter meter;
  while (const auto request = channel.next(names)) {
    meter.begin();
    batch_answer answer = run(benchmarks, *request);
    const batch around = meter.end();
    if (!answer.failure.empty()) {
      channel.reply(wire::refusal{answer.failure.substr(0, 4096), answer.skipped});
      continue;
    }
    answer.measured.steal_ns = around.steal_ns;
    answer.measured.involuntary_switches = around.involuntary_switches;
    channel.reply(answer.measured);
  }
  return channel.result();
}

}  // namespace deft::measure::detail
