#include "profile/agent/stack_walk.hpp"

#include <algorithm>

#include "deft/profile/detail/scope_layout.hpp"

#include "profile/agent/record_format.hpp"
#include "profile/agent/rule_cache.hpp"
#include "profile/agent/stack_memory.hpp"

// The C library's, since ever and for ever: where the stack of the first thread begins.
extern "C" void* __libc_stack_end;  // NOLINT(bugprone-reserved-identifier,readability-identifier-naming)

namespace deft::profile::agent {
namespace {

rule_cache rules;

// Large frames cost time, a word half a nanosecond; scopes are near the top of most stacks.
constexpr std::uint64_t most_scanned_bytes = 64 * 1024;

/// Scopes of one frame, by order of opening.
class frame_scopes {
 public:
  void look(stack_memory& memory, std::uint64_t from, std::uint64_t to) {
    count_ = 0;
    from = (from + 7) & ~std::uint64_t{7};
    constexpr std::uint64_t scope_bytes = sizeof(detail::scope_words);
    if (to < from + scope_bytes || !memory.readable(from, to)) return;
    for (std::uint64_t at = from;; at += 8) {
      at = find_check(at, to - scope_bytes);
      if (at == 0) return;
      found scope{};
      if (memory.read(at + 8, scope.name) && memory.read(at + 16, scope.order)) insert(scope);
    }
  }

  std::size_t size() const { return count_; }

  std::uint64_t name(std::size_t i) const { return scopes_[i].name; }

 private:
  struct found {
    std::uint64_t name;
    std::uint64_t order;
  };

  // The first word of a scope in [at, last], all of which can be read; 0 where there is none. Most of a
  // sample's time is spent here, in frames of some hundred words.
  __attribute__((no_sanitize("address", "thread"))) static std::uint64_t find_check(std::uint64_t at,
                                                                                    std::uint64_t last) {
    using stack_word [[gnu::may_alias]] = std::uint64_t;
    for (; at <= last; at += 8) {
      if (*reinterpret_cast<const stack_word*>(at) == detail::scope_check(at)) return at;  // NOLINT
    }
    return 0;
  }

  void insert(const found& scope) {
    if (count_ == std::size(scopes_)) return;
    std::size_t at = count_++;
    for (; at != 0 && scopes_[at - 1].order > scope.order; --at) scopes_[at] = scopes_[at - 1];
    scopes_[at] = scope;
  }

  found scopes_[16];
  std::size_t count_ = 0;
};

class walk {
 public:
  walk(std::uint64_t hidden_from, std::uint64_t hidden_to, const image_listener& listener,
       walk_buffers& buffers, const known_stack& stack)
      : hidden_from_(hidden_from),
        hidden_to_(hidden_to),
        listener_(listener),
        buffers_(buffers),
        memory_(stack.from, stack.to) {}

  walk_result run(frame_registers& registers);

  void remember(known_stack& stack);

 private:
  bool report(std::uint64_t address);
  void report_scopes(std::uint64_t from, std::uint64_t to);
  step leave(std::uint64_t address, frame_registers& registers, std::uint64_t& frame_end, bool& interrupted);
  step leave_by_frame_pointer(frame_registers& registers, std::uint64_t& frame_end);

  std::uint64_t hidden_from_;
  std::uint64_t hidden_to_;
  const image_listener& listener_;
  walk_buffers& buffers_;
  stack_memory memory_;
  loaded_image image_;
  walk_result result_;
  std::uint64_t scanned_ = 0;
};

// The first is an instruction; the others are taken for return addresses, one byte behind a call, also where
// a signal interrupted.
bool walk::report(std::uint64_t address) {
  if (result_.addresses == most_addresses) return false;
  buffers_.addresses[result_.addresses] = result_.addresses == 0 ? address : address + 1;
  ++result_.addresses;
  return true;
}

void walk::report_scopes(std::uint64_t from, std::uint64_t to) {
  if (to <= from || scanned_ + (to - from) > most_scanned_bytes || result_.addresses == 0) return;
  scanned_ += to - from;
  frame_scopes scopes;
  scopes.look(memory_, from, to);
  for (std::size_t i = 0; i < scopes.size() && result_.scopes < most_scopes; ++i) {
    std::uint64_t* const pair = buffers_.scopes + std::size_t{2} * result_.scopes++;
    pair[0] = result_.addresses - 1;
    pair[1] = scopes.name(i);
  }
}

step walk::leave(std::uint64_t address, frame_registers& registers, std::uint64_t& frame_end,
                 bool& interrupted) {
  const bool was_interrupted = interrupted;
  interrupted = false;
  frame_end = 0;
  const std::uint64_t key = address ^ image_.identity;
  short_rule kept;
  if (rules.find(key, kept)) return kept.apply(memory_, registers, frame_end);
  frame_rule& rule = buffers_.rule;
  const image_bytes& bytes = image_.frames;
  const rule_search found = image_.header != 0
                                ? find_rule(bytes, image_.header, address, rule, buffers_.workspace)
                                : rule_search::no_entry;
  if (found == rule_search::no_entry) {
    // Nothing calls from before a function: its first instruction as a return address was put there by hand,
    // below the first frame of a new stack (makecontext).
    if (!was_interrupted && image_.header != 0 &&
        find_rule(bytes, image_.header, address + 1, rule, buffers_.workspace) == rule_search::found &&
        rule.from == address + 1) {
      return step::root;
    }
    return leave_by_frame_pointer(registers, frame_end);
  }
  if (found != rule_search::found) return step::broken;
  if (short_rule::shorten(rule, kept)) {
    rules.keep(key, kept);
    return kept.apply(memory_, registers, frame_end);
  }
  interrupted = rule.signal_frame;
  return follow(rule, bytes, memory_.reader(), registers, frame_end);
}

// Code without call frame information (what compilers bring along for constructors, assembly, code made at
// run time) may have kept a frame pointer: believed where it leads up this stack, and from a file's code only
// to another file's.
step walk::leave_by_frame_pointer(frame_registers& registers, std::uint64_t& frame_end) {
  constexpr std::uint64_t longest_frame = 1 << 20;
  if (!registers.knows(base_pointer)) return step::broken;
  const std::uint64_t base = registers.value[base_pointer];
  const std::uint64_t stack = registers.value[stack_pointer];
  std::uint64_t former_base = 0;
  std::uint64_t caller = 0;
  loaded_image called_from;
  if (base < stack || base - stack > longest_frame || base % 8 != 0 || !memory_.read(base, former_base) ||
      !memory_.read(base + 8, caller) || caller == 0) {
    return step::broken;
  }
  std::uint64_t instructions = 0;
  if (!find_image(caller, called_from) && (image_.of_file || !memory_.read(caller - 8, instructions))) {
    return step::broken;
  }
  frame_end = base + 16;
  registers.set(base_pointer, former_base);
  registers.set(stack_pointer, frame_end);
  registers.set(return_address, caller);
  return step::stepped;
}

walk_result walk::run(frame_registers& registers) {
  bool interrupted = true;  // the address is of the next instruction, and not of a call's return
  for (;;) {
    const std::uint64_t next = registers.value[return_address];
    const std::uint64_t address = interrupted ? next : next - 1;
    const bool hidden = address >= hidden_from_ && address < hidden_to_;
    if (!hidden && !report(address)) return result_;
    if (!image_.contains(address)) {
      find_image(address, image_);
      listener_.met(listener_.context, image_);
    }
    const std::uint64_t frame_start = registers.value[stack_pointer];
    std::uint64_t frame_end = 0;
    const step done = leave(address, registers, frame_end, interrupted);
    if (!hidden) report_scopes(frame_start, frame_end);
    if (done != step::stepped) {
      result_.rooted = done == step::root;
      return result_;
    }
  }
}

// Only a thread's own stack, which ends with its control block or, of the first thread, with what the kernel
// puts there; below it is a page that nobody can read. Other stacks come and go.
void walk::remember(known_stack& stack) {
  constexpr std::uint64_t most_above_root = 64 * 1024;
  const auto end_of_thread = reinterpret_cast<std::uint64_t>(__builtin_thread_pointer());
  const auto end_of_first = reinterpret_cast<std::uint64_t>(__libc_stack_end);
  for (const std::uint64_t end : {end_of_thread, end_of_first}) {
    const std::uint64_t from = memory_.known_from();
    const bool near = from < end && end < memory_.known_to() + most_above_root;
    if (near && memory_.readable(from, end + 8)) stack = {from, memory_.known_to()};
  }
}

}  // namespace

walk_result walk_stack(frame_registers registers, std::uint64_t hidden_from, std::uint64_t hidden_to,
                       const image_listener& listener, walk_buffers& buffers, known_stack& stack) noexcept {
  const std::uint64_t start = registers.value[stack_pointer];
  const bool on_known_stack = start >= stack.from && start < stack.to;
  walk walking(hidden_from, hidden_to, listener, buffers, on_known_stack ? stack : known_stack{});
  const walk_result result = walking.run(registers);
  if (result.rooted && !on_known_stack) walking.remember(stack);
  return result;
}

}  // namespace deft::profile::agent
