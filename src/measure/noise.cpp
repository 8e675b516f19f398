#include "measure/noise.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string>

#include <sys/resource.h>
#include <unistd.h>

namespace deft::measure {
namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

double fraction(double part, double whole) {
  return whole > 0 ? std::clamp(part / whole, 0.0, 1.0) : 0.0;
}

}  // namespace

noise_monitor::noise_monitor() : before_(read()) {}

noise_monitor::counters noise_monitor::read() {
  counters now;
  std::ifstream stat("/proc/stat");
  std::string label;
  double user = 0, nice = 0, system = 0, idle = 0, io_wait = 0, interrupt = 0, soft_interrupt = 0, steal = 0;
  if (stat >> label >> user >> nice >> system >> idle >> io_wait >> interrupt >> soft_interrupt >> steal) {
    now.busy_ticks = user + nice + system + interrupt + soft_interrupt;
    now.steal_ticks = steal;
    now.all_ticks = now.busy_ticks + idle + io_wait + steal;
  }
  const double ticks_per_second = static_cast<double>(::sysconf(_SC_CLK_TCK));
  for (const auto who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    if (::getrusage(who, &usage) != 0) continue;
    now.own_ticks += (seconds(usage.ru_utime) + seconds(usage.ru_stime)) * ticks_per_second;
    if (who == RUSAGE_CHILDREN) now.involuntary_switches = static_cast<std::uint64_t>(usage.ru_nivcsw);
  }
  double averages[1] = {0};
  if (::getloadavg(averages, 1) == 1) now.load_average = averages[0];
  return now;
}

noise noise_monitor::so_far() const {
  const counters now = read();
  const double all = now.all_ticks - before_.all_ticks;
  const double busy = now.busy_ticks - before_.busy_ticks;
  const double own = now.own_ticks - before_.own_ticks;
  noise n;
  n.load_average_before = before_.load_average;
  n.load_average_after = now.load_average;
  n.steal_fraction = fraction(now.steal_ticks - before_.steal_ticks, all);
  n.other_busy_fraction = fraction(busy - own, all);
  n.involuntary_switches = now.involuntary_switches - before_.involuntary_switches;
  return n;
}

}  // namespace deft::measure
