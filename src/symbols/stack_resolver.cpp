#include "symbols/stack_resolver.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "symbols/demangle.hpp"
#include "symbols/frame_table.hpp"
#include "symbols/kernel_symbols.hpp"
#include "symbols/process_code.hpp"
#include "symbols/scope_marks.hpp"

namespace deft::symbols {
namespace {

constexpr std::size_t deepest_stack = 1024;

// The dynamic linker's first function has no call frame information, and is about this long.
constexpr std::uint64_t longest_entry = 96;

// The name that stands for all of the kernel, and the module of its functions.
constexpr const char* kernel = "[kernel]";

}  // namespace

struct stack_resolver::state {
  explicit state(resolver_options from) : options(std::move(from)), code(frames, options.debug_path) {}

  resolver_options options;
  frame_table frames;
  process_code code;
  std::optional<kernel_symbols> kernel_functions;
  number_index kernel_frames;        // by address
  std::vector<std::uint32_t> names;  // of the sample at hand, innermost first
  std::vector<scope_mark> marks;     // of the frame at hand

  std::uint32_t kernel_frame(std::uint64_t address);
  void append_kernel(const stack_sample& sample);
  void append_scopes(process_code::process& process, const stack_bytes& stack, std::uint64_t start,
                     std::uint64_t end);
  void append_names(const code_place& place);
  bool unwind(const stack_sample& sample, resolved_sample& into);
  bool name_addresses(const stack_sample& sample, resolved_sample& into);
  void resolve(const stack_sample& sample, resolved_sample& into);
};

std::uint32_t stack_resolver::state::kernel_frame(std::uint64_t address) {
  std::uint32_t number = kernel_frames.find(address);
  if (number != number_index::none) return number;
  if (!kernel_functions) kernel_functions.emplace(options.kernel_symbols);
  const std::string_view name = kernel_functions->name_at(address);
  number = frames.number(name.empty() ? kernel : demangle(name), kernel);
  kernel_frames.insert(address, number);
  return number;
}

// What has no name is shown once, however deep it is.
void stack_resolver::state::append_kernel(const stack_sample& sample) {
  if (sample.kernel_addresses.empty()) {
    if (sample.in_kernel) names.push_back(frames.number(kernel, kernel));
    return;
  }
  const std::uint32_t nameless_part = frames.number(kernel, kernel);
  const std::size_t count = std::min(sample.kernel_addresses.size(), deepest_stack);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t number = kernel_frame(sample.kernel_addresses[i] - (i == 0 ? 0 : 1));
    if (number == nameless_part && !names.empty() && names.back() == number) continue;
    names.push_back(number);
  }
}

void stack_resolver::state::append_scopes(process_code::process& process, const stack_bytes& stack,
                                          std::uint64_t start, std::uint64_t end) {
  marks.clear();
  find_scope_marks(stack, start, end, marks);
  std::sort(marks.begin(), marks.end(),
            [](const scope_mark& a, const scope_mark& b) { return a.order > b.order; });
  for (const scope_mark& mark : marks) {
    if (const auto number = code.scope_frame(process, mark.name_address)) names.push_back(*number);
  }
}

void stack_resolver::state::append_names(const code_place& place) {
  const std::span<const std::uint32_t> here = code.names(place);
  names.insert(names.end(), here.begin(), here.end());
}

bool stack_resolver::state::unwind(const stack_sample& sample, resolved_sample& into) {
  if (!sample.has_registers) return false;
  const register_numbers machine = machine_registers();
  frame_registers registers;
  registers.value = sample.registers;
  std::fill_n(registers.known.begin(), machine.count, true);
  const stack_bytes stack{registers.value[machine.stack_pointer], sample.stack};
  process_code::process& process = code.of(sample.pid);

  bool interrupted = true;  // the address is that of the next instruction, and not of a call's return
  for (std::size_t depth = 0; depth < deepest_stack; ++depth) {
    const std::uint64_t at = registers.value[machine.program_counter] - (interrupted ? 0 : 1);
    code_place& place = code.at(process, at);
    if (depth == 0 && place.module != nullptr) {
      into.leaf_module = place.entry->number + 1;
      into.leaf_address = place.address;
    }
    step_result result = step_result::broken;
    if (place.module != nullptr) {
      const unwind_rules::rule& rule = process_code::rule(place);
      const std::uint64_t frame_start = registers.value[machine.stack_pointer];
      result = unwind_rules::step(rule, registers, stack);
      interrupted = unwind_rules::is_signal_frame(rule);
      if (result == step_result::stepped) {
        append_scopes(process, stack, frame_start, registers.value[machine.stack_pointer]);
      }
    }
    // Inside of execve a thread has the registers of the program that it was, of which nothing is left.
    if (depth == 0 && place.entry == nullptr && sample.in_kernel && process.executed) return true;
    append_names(place);
    if (result == step_result::broken && place.module != nullptr) {
      const std::uint64_t entry = place.module->file().entry();
      if (entry != 0 && place.address >= entry && place.address - entry < longest_entry) return true;
    }
    if (result != step_result::stepped) return result == step_result::root;
  }
  return false;
}

bool stack_resolver::state::name_addresses(const stack_sample& sample, resolved_sample& into) {
  process_code::process& process = code.of(sample.pid);
  const std::size_t count = std::min(sample.addresses.size(), deepest_stack);
  bool interrupted = true;
  for (std::size_t i = 0; i < count; ++i) {
    code_place& place = code.at(process, sample.addresses[i] - (interrupted ? 0 : 1));
    if (i == 0 && place.module != nullptr) {
      into.leaf_module = place.entry->number + 1;
      into.leaf_address = place.address;
    }
    for (auto scope = sample.scopes.rbegin(); scope != sample.scopes.rend(); ++scope) {
      if (scope->frame != i) continue;
      if (const auto number = code.scope_frame(process, scope->name_address)) names.push_back(*number);
    }
    append_names(place);
    interrupted = place.module != nullptr && unwind_rules::is_signal_frame(process_code::rule(place));
  }
  return sample.addresses_rooted && count == sample.addresses.size();
}

void stack_resolver::state::resolve(const stack_sample& sample, resolved_sample& into) {
  into.time_ns = sample.time_ns;
  into.pid = sample.pid;
  into.tid = sample.tid;
  into.cause = sample.cause;
  into.weight = sample.weight;
  into.bytes = sample.bytes;
  into.objects = sample.objects;
  names.clear();
  append_kernel(sample);
  const bool in_kernel = !names.empty();
  into.rooted = sample.addresses.empty() ? unwind(sample, into) : name_addresses(sample, into);
  if (in_kernel) into.leaf_module = 0;
  if (names.empty()) names.push_back(frames.number("[no user stack]", ""));
  into.frames.assign(names.rbegin(), names.rend());
}

stack_resolver::stack_resolver(resolver_options options)
    : state_(std::make_unique<state>(std::move(options))) {}

stack_resolver::stack_resolver(stack_resolver&&) noexcept = default;
stack_resolver& stack_resolver::operator=(stack_resolver&&) noexcept = default;
stack_resolver::~stack_resolver() = default;

std::vector<resolved_sample> stack_resolver::resolve(const recording& from) {
  begin();
  return resolve_part(from);
}

void stack_resolver::begin() {
  state_->code.clear();
}

std::vector<resolved_sample> stack_resolver::resolve_part(const recording& part) {
  std::vector<resolved_sample> resolved(part.samples.size());
  auto next_event = part.mappings.begin();
  for (std::size_t i = 0; i < resolved.size(); ++i) {
    const stack_sample& sample = part.samples[i];
    for (; next_event != part.mappings.end() && next_event->time_ns <= sample.time_ns; ++next_event) {
      state_->code.apply(*next_event);
    }
    state_->resolve(sample, resolved[i]);
  }
  for (; next_event != part.mappings.end(); ++next_event) state_->code.apply(*next_event);
  return resolved;
}

const std::vector<frame>& stack_resolver::frames() const noexcept {
  return state_->frames.frames();
}

loaded_module& stack_resolver::module(std::uint32_t number) {
  return *state_->code.modules()[number - 1].module;
}

std::uint64_t stack_resolver::function_file_offset(const std::string& path, const std::string& symbol) {
  module_table& modules = state_->code.modules();
  loaded_module* module = modules.open(modules.entry(path));
  if (module == nullptr) return 0;
  const auto address = module->symbols().address_of(symbol);
  return address ? module->file().offset_of(*address).value_or(0) : 0;
}

}  // namespace deft::symbols
