#include "tests/symbols/mapped_file.hpp"

namespace deft::symbols::testing {

mapping_event map_file(const std::string& path, std::uint64_t time_ns, const std::string& build_id) {
  mapping_event event;
  event.time_ns = time_ns;
  event.pid = 1;
  event.start = mapped_at;
  event.size_bytes = 1 << 20;
  event.path = path;
  event.build_id = build_id;
  return event;
}

stack_sample sample_at(std::uint64_t file_offset, std::uint64_t time_ns) {
  stack_sample sample;
  sample.pid = 1;
  sample.time_ns = time_ns;
  sample.addresses = {mapped_at + file_offset};
  return sample;
}

}  // namespace deft::symbols::testing
