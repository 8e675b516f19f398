#include "tests/symbols/resolved.hpp"

#include <utility>

#include "tests/symbols/own_stack.hpp"

namespace deft::symbols::testing {

std::vector<std::string> resolved::names() const {
  std::vector<std::string> result;
  for (const frame& f : frames) result.push_back(f.function);
  return result;
}

std::size_t resolved::position(const std::string& part) const {
  std::size_t at = 0;
  while (at < frames.size() && frames[at].function.find(part) == std::string::npos) ++at;
  return at;
}

resolved resolve(stack_resolver& resolver, recording mappings, stack_sample sample) {
  mappings.samples.push_back(std::move(sample));
  resolved result{resolver.resolve(mappings).front(), {}};
  for (const std::uint32_t number : result.sample.frames) result.frames.push_back(resolver.frames()[number]);
  return result;
}

resolved resolve(stack_sample sample) {
  static stack_resolver resolver;  // as the program does: files are read once
  static const recording mappings = own_mappings();
  return resolve(resolver, mappings, std::move(sample));
}

}  // namespace deft::symbols::testing
