#include "symbols/unwind_rules.hpp"

#include <cstdlib>
#include <cstring>
#include <optional>
#include <vector>

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>

#include "symbols/call_frame_bounds.hpp"

namespace deft::symbols {
namespace {

using expression = std::vector<Dwarf_Op>;

enum class recovery : std::uint8_t { same, undefined, at_cfa_offset, at_address, value };

struct register_rule {
  unsigned number = 0;
  recovery how = recovery::same;
  std::int64_t offset = 0;  // from the CFA
  expression operations;    // of at_address and value
};

// A stack machine for the few operations that compilers and C libraries use in call frame information (PLT
// entries, signal trampolines). Empty on anything else, on underflow, and where a register or the memory is
// not known.
std::optional<std::uint64_t> evaluate(const expression& operations, const frame_registers& registers,
                                      const stack_bytes& stack, std::uint64_t cfa) {
  std::array<std::uint64_t, 16> values{};
  std::size_t depth = 0;
  const auto push = [&](std::uint64_t value) {
    if (depth == values.size()) return false;
    values[depth++] = value;
    return true;
  };
  const auto register_plus = [&](std::uint64_t number, std::uint64_t offset) {
    if (number >= max_registers || !registers.known[number]) return false;
    return push(registers.value[number] + offset);
  };
  const auto binary = [&](auto combine) {
    if (depth < 2) return false;
    --depth;
    values[depth - 1] = combine(values[depth - 1], values[depth]);
    return true;
  };
  for (const Dwarf_Op& operation : operations) {
    const unsigned atom = operation.atom;
    bool ok = false;
    if (atom >= DW_OP_breg0 && atom <= DW_OP_breg31) {
      ok = register_plus(atom - DW_OP_breg0, operation.number);
    } else if (atom >= DW_OP_lit0 && atom <= DW_OP_lit31) {
      ok = push(atom - DW_OP_lit0);
    } else {
      switch (atom) {
        case DW_OP_bregx:
          ok = register_plus(operation.number, operation.number2);
          break;
        case DW_OP_call_frame_cfa:
          ok = push(cfa);
          break;
        case DW_OP_const1u:
        case DW_OP_const1s:
        case DW_OP_const2u:
        case DW_OP_const2s:
        case DW_OP_const4u:
        case DW_OP_const4s:
        case DW_OP_const8u:
        case DW_OP_const8s:
        case DW_OP_constu:
        case DW_OP_consts:
          ok = push(operation.number);
          break;
        case DW_OP_plus_uconst:
          ok = depth > 0;
          if (ok) values[depth - 1] += operation.number;
          break;
        case DW_OP_deref:
          ok = depth > 0 && stack.read(values[depth - 1], values[depth - 1]);
          break;
        case DW_OP_dup:
          ok = depth > 0 && push(values[depth - 1]);
          break;
        case DW_OP_plus:
          ok = binary([](auto a, auto b) { return a + b; });
          break;
        case DW_OP_minus:
          ok = binary([](auto a, auto b) { return a - b; });
          break;
        case DW_OP_and:
          ok = binary([](auto a, auto b) { return a & b; });
          break;
        case DW_OP_or:
          ok = binary([](auto a, auto b) { return a | b; });
          break;
        case DW_OP_shl:
          ok = binary([](auto a, auto b) { return b < 64 ? a << b : 0; });
          break;
        case DW_OP_ge:
          ok = binary([](auto a, auto b) -> std::uint64_t {
            return static_cast<std::int64_t>(a) >= static_cast<std::int64_t>(b);
          });
          break;
        case DW_OP_stack_value:
          ok = true;
          break;
        default:
          break;
      }
    }
    if (!ok) return std::nullopt;
  }
  if (depth == 0) return std::nullopt;
  return values[depth - 1];
}

// Registers that a function hands back as it got them. elfutils knows the rule for all of them but rbx, whose
// number it has wrong.
bool is_callee_saved(unsigned number) noexcept {
#if defined(__x86_64__)
  return number == 3 || number == 6 || (number >= 12 && number <= 15);
#elif defined(__aarch64__)
  return number >= 19 && number <= 29;
#else
  return false;
#endif
}

register_rule decode(unsigned number, Dwarf_Frame* frame) {
  register_rule decoded;
  decoded.number = number;
  std::array<Dwarf_Op, 3> memory{};
  Dwarf_Op* operations = nullptr;
  std::size_t count = 0;
  if (dwarf_frame_register(frame, static_cast<int>(number), memory.data(), &operations, &count) != 0) {
    decoded.how = recovery::undefined;
  } else if (count == 0) {
    const bool is_same = operations == nullptr || is_callee_saved(number);
    decoded.how = is_same ? recovery::same : recovery::undefined;
  } else if (count == 1 && operations[0].atom >= DW_OP_reg0 && operations[0].atom <= DW_OP_reg31) {
    decoded.how = recovery::value;  // it is in another register
    decoded.operations = {operations[0]};
    decoded.operations[0].atom = static_cast<std::uint8_t>(operations[0].atom - DW_OP_reg0 + DW_OP_breg0);
    decoded.operations[0].number = 0;
  } else if (operations[0].atom == DW_OP_call_frame_cfa &&
             (count == 1 || (count == 2 && operations[1].atom == DW_OP_plus_uconst))) {
    decoded.how = recovery::at_cfa_offset;
    decoded.offset = count == 2 ? static_cast<std::int64_t>(operations[1].number) : 0;
  } else if (number == machine_registers().stack_pointer && count == 2 &&
             operations[0].atom == DW_OP_call_frame_cfa && operations[1].atom == DW_OP_stack_value) {
    decoded.how = recovery::same;  // elfutils' way to say that it is the CFA, which it is unless told
  } else {
    decoded.operations.assign(operations, operations + count);
    decoded.how = operations[count - 1].atom == DW_OP_stack_value ? recovery::value : recovery::at_address;
  }
  return decoded;
}

unwind_rules::frame_table find_exception_frames(Dwfl_Module* module) {
  unwind_rules::frame_table frames;
  GElf_Addr ignored = 0;
  if (exception_frames_are_bounded(dwfl_module_getelf(module, &ignored))) {
    frames.table = dwfl_module_eh_cfi(module, &frames.bias);
  }
  return frames;
}

unwind_rules::frame_table find_debug_frames(Dwfl_Module* module) {
  unwind_rules::frame_table frames;
  Dwarf_Addr ignored = 0;
  Dwarf* const dwarf = dwfl_module_getdwarf(module, &ignored);
  if (dwarf != nullptr && debug_frames_are_bounded(dwarf_getelf(dwarf))) {
    frames.table = dwfl_module_dwarf_cfi(module, &frames.bias);
  }
  return frames;
}

}  // namespace

bool unwind_rules::frame_table::find(std::uint64_t address, Dwarf_Frame*& found) const {
  return table != nullptr && dwarf_cfi_addrframe(table, address - bias, &found) == 0;
}

bool stack_bytes::read(std::uint64_t address, std::uint64_t& value) const {
  if (address < start) return false;
  const std::uint64_t offset = address - start;
  if (bytes.size() < sizeof value || offset > bytes.size() - sizeof value) return false;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return true;
}

register_numbers machine_registers() noexcept {
#if defined(__x86_64__) && !defined(__ILP32__)
  return {.count = 17, .stack_pointer = 7, .return_address = 16, .program_counter = 16};
#elif defined(__aarch64__)
  return {.count = 33, .stack_pointer = 31, .return_address = 30, .program_counter = 32};
#else
  return {.count = 0, .stack_pointer = 0, .return_address = 0, .program_counter = 0};
#endif
}

struct unwind_rules::rule {
  bool found = false;
  bool signal_frame = false;
  bool has_expressions = false;  // among the registers' rules
  bool cfa_is_offset = false;    // nearly always: from a register
  unsigned cfa_register = 0;
  std::uint64_t cfa_offset = 0;
  expression cfa;
  std::vector<register_rule> registers;  // all but those that stay the same
};

unwind_rules::unwind_rules(Dwfl_Module* module) : module_(module) {}

unwind_rules::~unwind_rules() = default;

const unwind_rules::rule& unwind_rules::at(std::uint64_t address) {
  std::unique_ptr<rule>& kept = rules_[address];
  if (kept) return *kept;
  kept = std::make_unique<rule>();

  // .eh_frame first: it is in every program; .debug_frame covers hand-written code in debug files.
  Dwarf_Frame* found = nullptr;
  if (!exception_frames_) exception_frames_ = find_exception_frames(module_);
  if (!exception_frames_->find(address, found)) {
    if (!debug_frames_) debug_frames_ = find_debug_frames(module_);
    if (!debug_frames_->find(address, found)) return *kept;
  }
  const std::unique_ptr<Dwarf_Frame, decltype(&std::free)> frame(found, &std::free);

  bool is_signal = false;
  dwarf_frame_info(frame.get(), nullptr, nullptr, &is_signal);
  kept->signal_frame = is_signal;
  Dwarf_Op* operations = nullptr;
  std::size_t count = 0;
  if (dwarf_frame_cfa(frame.get(), &operations, &count) != 0 || count == 0) return *kept;
  kept->cfa.assign(operations, operations + count);
  const unsigned atom = operations[0].atom;
  if (count == 1 && atom == DW_OP_bregx && operations[0].number < max_registers) {
    kept->cfa_is_offset = true;
    kept->cfa_register = static_cast<unsigned>(operations[0].number);
    kept->cfa_offset = operations[0].number2;
  } else if (count == 1 && atom >= DW_OP_breg0 && atom <= DW_OP_breg31) {
    kept->cfa_is_offset = true;
    kept->cfa_register = atom - DW_OP_breg0;
    kept->cfa_offset = operations[0].number;
  }
  const register_numbers machine = machine_registers();
  for (unsigned number = 0; number < machine.count; ++number) {
    register_rule decoded = decode(number, frame.get());
    if (decoded.how == recovery::same) continue;
    kept->has_expressions = kept->has_expressions || !decoded.operations.empty();
    kept->registers.push_back(std::move(decoded));
  }
  kept->found = true;
  return *kept;
}

bool unwind_rules::is_signal_frame(const rule& here) noexcept {
  return here.signal_frame;
}

step_result unwind_rules::step(const rule& here, frame_registers& registers, const stack_bytes& stack) {
  if (!here.found) return step_result::broken;
  std::optional<std::uint64_t> cfa;
  if (!here.cfa_is_offset) {
    cfa = evaluate(here.cfa, registers, stack, 0);
  } else if (registers.known[here.cfa_register]) {
    cfa = registers.value[here.cfa_register] + here.cfa_offset;
  }
  if (!cfa) return step_result::broken;

  // Only expressions look at the registers that the frame has: all else follows from the CFA.
  std::optional<frame_registers> before;
  if (here.has_expressions) before = registers;
  const register_numbers machine = machine_registers();
  const std::uint64_t own_stack_pointer = registers.value[machine.stack_pointer];
  const std::uint64_t own_address = registers.value[machine.program_counter];
  // By definition of the CFA; a rule for the stack pointer (signal trampolines) overrides it below.
  registers.value[machine.stack_pointer] = *cfa;
  registers.known[machine.stack_pointer] = true;
  for (const register_rule& change : here.registers) {
    if (change.how == recovery::undefined && change.number == machine.return_address)
      return step_result::root;
    if (change.how == recovery::undefined && change.number == machine.stack_pointer) continue;
    std::uint64_t value = 0;
    bool known = false;
    if (change.how == recovery::at_cfa_offset) {
      known = stack.read(*cfa + static_cast<std::uint64_t>(change.offset), value);
    } else if (change.how != recovery::undefined) {
      // As DWARF says, expressions for registers start with the CFA on the stack; elfutils has put it there.
      const std::optional<std::uint64_t> result = evaluate(change.operations, *before, stack, *cfa);
      known = result.has_value() && (change.how == recovery::value || stack.read(*result, value));
      if (known && change.how == recovery::value) value = *result;
    }
    registers.value[change.number] = value;
    registers.known[change.number] = known;
  }
  if (!registers.known[machine.return_address]) return step_result::broken;
  const std::uint64_t return_address = registers.value[machine.return_address];
  if (return_address == 0) return step_result::root;
  // A frame that is left must lie deeper than its caller's: anything else is a loop or damaged memory.
  if (!here.signal_frame) {
    const bool moved = registers.value[machine.stack_pointer] > own_stack_pointer;
    const bool leaf_without_frame =
        registers.value[machine.stack_pointer] == own_stack_pointer && return_address != own_address;
    if (!moved && !leaf_without_frame) return step_result::broken;
  }
  registers.value[machine.program_counter] = return_address;
  registers.known[machine.program_counter] = true;
  return step_result::stepped;
}

}  // namespace deft::symbols
