// Lines of the worker protocol: whatever is understood was written by one who speaks it, byte for byte; and
// what is written is understood as it was meant.
#include <cstdint>
#include <string>

#include "fuzz/reader.hpp"
#include "measure/worker/messages.hpp"

namespace {

namespace wire = deft::measure::wire;
using deft_fuzz::op_source;

std::string text_of(op_source& in) {
  std::string text;
  for (int n = in.below(20); n > 0; --n) text += static_cast<char>(in.raw<std::uint8_t>());
  return text;
}

bool is_plain(const std::string& line) {
  for (const char c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
  }
  return true;
}

void write_and_read(op_source in) {
  const deft::measure::detail::batch_request run{in.raw<std::uint32_t>(), in.raw<std::uint64_t>(),
                                                 in.raw<std::uint64_t>()};
  const auto request = wire::parse_request(wire::line_of(wire::request(run)));
  DEFT_FUZZ_CHECK(request);
  const auto& again = std::get<deft::measure::detail::batch_request>(*request);
  DEFT_FUZZ_CHECK(again.benchmark == run.benchmark && again.iterations == run.iterations &&
                  again.nanoseconds == run.nanoseconds);

  const deft::measure::detail::batch batch{in.raw<std::uint64_t>(), in.raw<std::uint64_t>(),
                                           in.raw<std::uint64_t>(), in.raw<std::uint64_t>(),
                                           in.raw<std::uint64_t>()};
  const std::string name = text_of(in);
  for (const wire::reply& reply :
       {wire::reply(batch), wire::reply(wire::listed_name{"x" + name}),
        wire::reply(wire::refusal{name, false}), wire::reply(wire::refusal{name, true}),
        wire::reply(wire::end_of_list{batch.cpu_ns}), wire::reply(wire::greeting{batch.wall_ns, name})}) {
    const std::string line = wire::line_of(reply);
    DEFT_FUZZ_CHECK(is_plain(line));
    const auto read = wire::parse_reply(line);
    DEFT_FUZZ_CHECK(read && read->index() == reply.index() && wire::line_of(*read) == line);
  }
  const auto read = wire::parse_reply(wire::line_of(wire::reply(batch)));
  const auto& same = std::get<deft::measure::detail::batch>(*read);
  DEFT_FUZZ_CHECK(same.iterations == batch.iterations && same.cpu_ns == batch.cpu_ns &&
                  same.wall_ns == batch.wall_ns && same.steal_ns == batch.steal_ns &&
                  same.involuntary_switches == batch.involuntary_switches);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const deft_fuzz::exact_copy input(data, size);
  const auto request = wire::parse_request(input.text());
  if (request) DEFT_FUZZ_CHECK(wire::line_of(*request) == input.text());
  const auto reply = wire::parse_reply(input.text());
  if (reply) {
    DEFT_FUZZ_CHECK(wire::line_of(*reply) == input.text());
    DEFT_FUZZ_CHECK(is_plain(wire::line_of(*reply)));
  }
  DEFT_FUZZ_CHECK(!(request && reply));
  write_and_read(op_source(input.bytes()));
  return 0;
}
