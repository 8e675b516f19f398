// What consumer projects build of deft::profile: a region that samples itself into the file it is given.
#include "deft/profile.hpp"

#include <cstdio>

int main(int count, char** arguments) {
  deft::profile::sampler region({.output = count > 1 ? arguments[1] : "consumer.samples"});
  {
    deft::profile::scope mark("consumer");
    volatile unsigned long sum = 0;
    for (unsigned long i = 0; i < 20'000'000; ++i) sum = sum + i;
  }
  const bool whole = region.stop();
  std::puts(whole ? "deft::profile works" : region.problem().c_str());
  return whole ? 0 : 1;
}
