// Machines whose stacks we cannot walk from inside: programs build and run, nothing is sampled.

#include "deft/profile/sampler.hpp"

namespace deft::profile {

struct sampler::state {};

sampler::sampler(const sampler_options& options)
    : problem_("cannot sample into " + options.output + ": needs x86-64 Linux with glibc 2.35 or later") {}

sampler::~sampler() = default;

const std::string& sampler::problem() const noexcept {
  return problem_;
}

bool sampler::running() const noexcept {
  return false;
}

unsigned sampler::frequency_hz() const noexcept {
  return 0;
}

void sampler::pause() noexcept {}

void sampler::resume() noexcept {}

bool sampler::stop() {
  return false;
}

}  // namespace deft::profile
