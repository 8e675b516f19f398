#include "profile/agent/byte_reader.hpp"
#include "profile/agent/eh_frame.hpp"

namespace deft::profile::agent {
namespace {

// The stack machine of DWARF's expressions.
class expression_machine {
 public:
  expression_machine(const frame_registers& registers, const word_reader& memory)
      : registers_(registers), memory_(memory) {}

  bool push(std::uint64_t value) {
    if (depth_ == values_.size()) return false;
    values_[depth_++] = value;
    return true;
  }

  bool top(std::uint64_t& value) const {
    if (depth_ == 0) return false;
    value = values_[depth_ - 1];
    return true;
  }

  bool run(std::span<const std::uint8_t> expression);

 private:
  bool push_register(std::uint64_t number, std::int64_t offset) {
    return number < register_count && registers_.knows(static_cast<unsigned>(number)) &&
           push(registers_.value[number] + static_cast<std::uint64_t>(offset));
  }

  // The n-th value from the top.
  bool pick(std::size_t n) { return n < depth_ && push(values_[depth_ - 1 - n]); }

  bool load(unsigned bytes) {
    if (depth_ == 0 || bytes == 0 || bytes > 8) return false;
    std::uint64_t word = 0;
    if (!memory_(values_[depth_ - 1], word)) return false;
    values_[depth_ - 1] = bytes == 8 ? word : word & ((std::uint64_t{1} << (bytes * 8)) - 1);
    return true;
  }

  bool combine(std::uint8_t operation);
  bool change_top(std::uint8_t operation, byte_reader& reader);
  bool push_constant(std::uint8_t operation, byte_reader& reader);

  const frame_registers& registers_;
  const word_reader& memory_;
  std::array<std::uint64_t, 16> values_{};
  std::size_t depth_ = 0;
};

bool expression_machine::push_constant(std::uint8_t operation, byte_reader& reader) {
  const auto extended = [](std::int64_t number) { return static_cast<std::uint64_t>(number); };
  switch (operation) {
    case 0x03:  // DW_OP_addr
    case 0x0e:  // DW_OP_const8u
    case 0x0f:
      return push(reader.read<std::uint64_t>());
    case 0x08:
      return push(reader.read<std::uint8_t>());
    case 0x09:
      return push(extended(reader.read<std::int8_t>()));
    case 0x0a:
      return push(reader.read<std::uint16_t>());
    case 0x0b:
      return push(extended(reader.read<std::int16_t>()));
    case 0x0c:
      return push(reader.read<std::uint32_t>());
    case 0x0d:
      return push(extended(reader.read<std::int32_t>()));
    case 0x10:
      return push(reader.read_uleb());
    default:  // DW_OP_consts
      return push(extended(reader.read_sleb()));
  }
}

bool expression_machine::change_top(std::uint8_t operation, byte_reader& reader) {
  if (depth_ == 0) return false;
  std::uint64_t& value = values_[depth_ - 1];
  switch (operation) {
    case 0x19:  // DW_OP_abs
      if (static_cast<std::int64_t>(value) < 0) value = ~value + 1;
      return true;
    case 0x1f:  // DW_OP_neg
      value = ~value + 1;
      return true;
    case 0x20:  // DW_OP_not
      value = ~value;
      return true;
    default:  // DW_OP_plus_uconst
      value += reader.read_uleb();
      return true;
  }
}

bool expression_machine::combine(std::uint8_t operation) {
  if (depth_ < 2) return false;
  const std::uint64_t right = values_[--depth_];
  std::uint64_t& left = values_[depth_ - 1];
  const auto signed_left = static_cast<std::int64_t>(left);
  const auto signed_right = static_cast<std::int64_t>(right);
  switch (operation) {
    case 0x1a:  // DW_OP_and
      left &= right;
      return true;
    case 0x1c:
      left -= right;
      return true;
    case 0x1e:
      left *= right;
      return true;
    case 0x21:
      left |= right;
      return true;
    case 0x22:
      left += right;
      return true;
    case 0x24:
      left = right < 64 ? left << right : 0;
      return true;
    case 0x25:
      left = right < 64 ? left >> right : 0;
      return true;
    case 0x26:
      left = static_cast<std::uint64_t>(signed_left >> (right < 64 ? right : 63));
      return true;
    case 0x27:
      left ^= right;
      return true;
    case 0x29:  // DW_OP_eq
      left = left == right ? 1 : 0;
      return true;
    case 0x2a:
      left = signed_left >= signed_right ? 1 : 0;
      return true;
    case 0x2b:
      left = signed_left > signed_right ? 1 : 0;
      return true;
    case 0x2c:
      left = signed_left <= signed_right ? 1 : 0;
      return true;
    case 0x2d:
      left = signed_left < signed_right ? 1 : 0;
      return true;
    case 0x2e:
      left = left != right ? 1 : 0;
      return true;
    default:
      return false;
  }
}

bool expression_machine::run(std::span<const std::uint8_t> expression) {
  constexpr unsigned most_steps = 1000;
  byte_reader reader(expression);
  for (unsigned steps = 0; !reader.at_end(); ++steps) {
    if (steps == most_steps) return false;
    const auto operation = reader.read<std::uint8_t>();
    bool done = false;
    if (operation >= 0x70 && operation <= 0x8f) {  // DW_OP_breg0 and on
      done = push_register(operation - 0x70U, reader.read_sleb());
    } else if (operation >= 0x30 && operation <= 0x4f) {  // DW_OP_lit0 and on
      done = push(operation - 0x30U);
    } else if (operation == 0x03 || (operation >= 0x08 && operation <= 0x11)) {
      done = push_constant(operation, reader);
    } else if (operation == 0x19 || operation == 0x1f || operation == 0x20 || operation == 0x23) {
      done = change_top(operation, reader);
    } else if (operation == 0x28 || operation == 0x2f) {  // DW_OP_bra, DW_OP_skip
      const auto distance = reader.read<std::int16_t>();
      bool jump = true;
      if (operation == 0x28) {
        if (depth_ == 0) return false;
        jump = values_[--depth_] != 0;
      }
      const std::int64_t target = static_cast<std::int64_t>(reader.position()) + distance;
      if (jump && (target < 0 || target > static_cast<std::int64_t>(expression.size()))) return false;
      if (jump && reader.ok()) reader = byte_reader(expression, static_cast<std::size_t>(target));
      done = true;
    } else {
      switch (operation) {
        case 0x06:  // DW_OP_deref
          done = load(8);
          break;
        case 0x94:  // DW_OP_deref_size
          done = load(reader.read<std::uint8_t>());
          break;
        case 0x12:  // DW_OP_dup
          done = pick(0);
          break;
        case 0x13:  // DW_OP_drop
          done = depth_ != 0;
          if (done) --depth_;
          break;
        case 0x14:  // DW_OP_over
          done = pick(1);
          break;
        case 0x15:  // DW_OP_pick
          done = pick(reader.read<std::uint8_t>());
          break;
        case 0x16:  // DW_OP_swap
          done = depth_ >= 2;
          if (done) {
            const std::uint64_t upper = values_[depth_ - 1];
            values_[depth_ - 1] = values_[depth_ - 2];
            values_[depth_ - 2] = upper;
          }
          break;
        case 0x92: {  // DW_OP_bregx
          const std::uint64_t number = reader.read_uleb();
          done = push_register(number, reader.read_sleb());
          break;
        }
        case 0x96:  // DW_OP_nop
          done = true;
          break;
        default:
          done = combine(operation);
      }
    }
    if (!done || !reader.ok()) return false;
  }
  return reader.ok();
}

// The bytes of an expression that `find_rule` found in this image.
bool expression_at(const image_bytes& image, std::int64_t address, std::uint32_t size,
                   std::span<const std::uint8_t>& bytes) {
  const std::uint64_t offset = static_cast<std::uint64_t>(address) - image.address;
  if (offset > image.bytes.size() || size > image.bytes.size() - offset) return false;
  bytes = image.bytes.subspan(static_cast<std::size_t>(offset), size);
  return true;
}

// What the caller had in a register; false where that is not known.
bool recover(const register_rule& rule, const image_bytes& image, const word_reader& memory,
             const frame_registers& registers, std::uint64_t cfa, std::uint64_t& value) {
  const std::uint64_t offset_cfa = cfa + static_cast<std::uint64_t>(rule.value);
  std::span<const std::uint8_t> expression;
  switch (rule.how) {
    case recovery::at_cfa:
      return memory(offset_cfa, value);
    case recovery::cfa_plus:
      value = offset_cfa;
      return true;
    case recovery::in_register: {
      const auto number = static_cast<std::uint64_t>(rule.value);
      if (number >= register_count || !registers.knows(static_cast<unsigned>(number))) return false;
      value = registers.value[number];
      return true;
    }
    case recovery::at_expression:
      return expression_at(image, rule.value, rule.size, expression) &&
             evaluate(expression, registers, memory, &cfa, value) && memory(value, value);
    case recovery::expression:
      return expression_at(image, rule.value, rule.size, expression) &&
             evaluate(expression, registers, memory, &cfa, value);
    case recovery::same:
    case recovery::undefined:
      break;
  }
  return false;
}

}  // namespace

bool evaluate(std::span<const std::uint8_t> expression, const frame_registers& registers,
              const word_reader& memory, const std::uint64_t* first, std::uint64_t& result) noexcept {
  expression_machine machine(registers, memory);
  if (first != nullptr) machine.push(*first);
  return machine.run(expression) && machine.top(result);
}

step follow(const frame_rule& rule, const image_bytes& image, const word_reader& memory,
            frame_registers& registers, std::uint64_t& frame_end) noexcept {
  frame_end = 0;
  std::uint64_t cfa = 0;
  if (rule.cfa_expression_size != 0) {
    std::span<const std::uint8_t> expression;
    if (!expression_at(image, rule.cfa_value, rule.cfa_expression_size, expression) ||
        !evaluate(expression, registers, memory, nullptr, cfa)) {
      return step::broken;
    }
  } else {
    if (!registers.knows(rule.cfa_register)) return step::broken;
    cfa = registers.value[rule.cfa_register] + static_cast<std::uint64_t>(rule.cfa_value);
  }
  frame_end = cfa;

  frame_registers caller = registers;
  // By definition of the CFA; signal trampolines have a rule for the stack pointer that overrides it.
  caller.set(stack_pointer, cfa);
  for (unsigned number = 0; number < register_count; ++number) {
    const register_rule& each = rule.registers[number];
    if (each.how == recovery::same) continue;
    if (each.how == recovery::undefined) {
      if (number == return_address) return step::root;
      if (number != stack_pointer) caller.forget(number);
      continue;
    }
    std::uint64_t value = 0;
    if (recover(each, image, memory, registers, cfa, value)) {
      caller.set(number, value);
    } else {
      caller.forget(number);
    }
  }
  if (rule.registers[return_address].how == recovery::same) return step::broken;
  if (!caller.knows(return_address) || !caller.knows(stack_pointer)) return step::broken;
  if (caller.value[return_address] == 0) return step::root;
  // A caller's frame lies higher: anything else is a loop or damaged memory. What a signal interrupted may
  // have had a stack anywhere.
  if (!rule.signal_frame && caller.value[stack_pointer] <= registers.value[stack_pointer])
    return step::broken;
  registers = caller;
  return step::stepped;
}

}  // namespace deft::profile::agent
