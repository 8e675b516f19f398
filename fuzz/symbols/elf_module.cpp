// Programs and libraries as the profiler reads them: names, debug information and unwind rules of any bytes
// that call themselves ELF. The answers are never empty, are the same on a second reading, and unwinding
// stays inside the stack.
#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "fuzz/reader.hpp"
#include "symbols/loaded_module.hpp"
#include "symbols/printable.hpp"

namespace {

using deft::symbols::frame_registers;
using deft::symbols::loaded_module;
using deft::symbols::module_file;
using deft::symbols::step_result;
using deft::symbols::unwind_rules;

constexpr std::uint64_t stack_start = 0x7ffc00000000;

// Every address that something in a small file can be at, and some that nothing is at.
std::vector<std::uint64_t> addresses_of(const module_file& file, std::size_t file_bytes) {
  std::vector<std::uint64_t> addresses = {0, 1, 0x1000, ~std::uint64_t{0}};
  const std::size_t step = std::max<std::size_t>(1, file_bytes / 16);
  for (std::size_t offset = 0; offset < file_bytes; offset += step) {
    const auto address = file.address_of(offset);
    if (!address) continue;
    DEFT_FUZZ_CHECK(file.offset_of(*address).has_value());
    addresses.push_back(*address);
    addresses.push_back(*address + 1);
  }
  return addresses;
}

// Follows call frames from `address`; every step but the last one must get further up the stack.
std::vector<std::uint64_t> unwind(loaded_module& module, std::uint64_t address,
                                  const std::vector<std::uint8_t>& stack) {
  const auto numbers = deft::symbols::machine_registers();
  frame_registers registers;
  for (unsigned i = 0; i < numbers.count; ++i) {
    registers.value[i] = stack_start + 8 * i;
    registers.known[i] = true;
  }
  registers.value[numbers.stack_pointer] = stack_start;
  const deft::symbols::stack_bytes copied{stack_start, stack};
  std::vector<std::uint64_t> trace;
  for (int depth = 0; depth < 8; ++depth) {
    trace.push_back(address);
    const auto& rule = module.rules().at(address);
    trace.push_back(unwind_rules::is_signal_frame(rule) ? 1 : 0);
    const step_result result = unwind_rules::step(rule, registers, copied);
    trace.push_back(static_cast<std::uint64_t>(result));
    if (result != step_result::stepped) break;
    DEFT_FUZZ_CHECK(registers.known[numbers.program_counter]);
    address = registers.value[numbers.program_counter];
  }
  return trace;
}

struct answers {
  bool opened = false;
  std::vector<deft::symbols::frame> frames;
  std::vector<std::uint64_t> traces;

  friend bool operator==(const answers&, const answers&) = default;
};

answers ask(const deft_fuzz::exact_copy& input) {
  answers given;
  auto file = module_file::from_bytes("hostile.so", {input.text().begin(), input.text().end()});
  if (file == nullptr) return given;
  given.opened = true;
  loaded_module module(std::move(file));
  const std::vector<std::uint8_t> stack(256, 0x11);
  for (const std::uint64_t address : addresses_of(module.file(), input.text().size())) {
    const auto frames = module.frames_at(address);
    DEFT_FUZZ_CHECK(!frames.empty() && frames.size() < 10000);
    for (const auto& f : frames) {
      DEFT_FUZZ_CHECK(!f.function.empty() && f.module == "hostile.so");
      DEFT_FUZZ_CHECK(f.file.find('/') == std::string::npos);
      DEFT_FUZZ_CHECK(deft::symbols::is_printable(f.function) && deft::symbols::is_printable(f.file));
      given.frames.push_back(f);
    }
    const auto trace = unwind(module, address, stack);
    given.traces.insert(given.traces.end(), trace.begin(), trace.end());
    given.traces.push_back(module.symbols().function_start(address));
    if (const auto name = module.symbols().name_at(address); !name.empty()) {
      DEFT_FUZZ_CHECK(module.symbols().address_of(name).has_value());
    }
  }
  return given;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const deft_fuzz::exact_copy input(data, size);
  const answers first = ask(input);
  if (first.opened) DEFT_FUZZ_CHECK(ask(input) == first);
  return 0;
}
