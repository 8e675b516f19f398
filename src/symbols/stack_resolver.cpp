#include "symbols/stack_resolver.hpp"

#include <algorithm>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "symbols/address_space.hpp"
#include "symbols/loaded_module.hpp"

namespace deft::symbols {
namespace {

constexpr std::size_t deepest_stack = 1024;

struct frame_hash {
  std::size_t operator()(const frame& f) const noexcept {
    const std::hash<std::string> text;
    return text(f.function) ^ (text(f.module) << 1) ^ (text(f.file) << 2) ^ (std::size_t{f.line} << 3) ^
           static_cast<std::size_t>(f.inlined);
  }
};

// Code as the memo knows it: a module and a link-time address, or (no module) a name made up from the
// mapping.
struct code_location {
  loaded_module* module = nullptr;
  std::uint64_t address = 0;

  friend bool operator==(const code_location&, const code_location&) = default;
};

struct code_location_hash {
  std::size_t operator()(const code_location& c) const noexcept {
    return std::hash<const void*>{}(c.module) ^ (c.address * 0x9e3779b97f4a7c15ULL);
  }
};

}  // namespace

struct stack_resolver::state {
  std::unordered_map<std::string, std::unique_ptr<loaded_module>> modules;
  std::unordered_map<std::uint32_t, address_space> processes;
  std::vector<frame> frames;
  std::unordered_map<frame, std::uint32_t, frame_hash> frame_numbers;
  std::unordered_map<code_location, std::vector<std::uint32_t>, code_location_hash> named;

  loaded_module* load(const std::string& path);
  std::uint32_t number(frame f);
  void apply(const mapping_event& event);
  void append_names(const mapped_range* range, std::uint64_t range_start, std::uint64_t address,
                    std::vector<std::uint32_t>& innermost_first);
  bool unwind(const stack_sample& sample, std::vector<std::uint32_t>& innermost_first);
};

loaded_module* stack_resolver::state::load(const std::string& path) {
  const auto [kept, added] = modules.try_emplace(path);
  // "//anon", "[heap]" and the like are no files; the vdso is one that every process has.
  if (added && (path == "[vdso]" || (path.starts_with('/') && !path.starts_with("//")))) {
    if (auto file = module_file::open(path)) kept->second = std::make_unique<loaded_module>(std::move(file));
  }
  return kept->second.get();
}

std::uint32_t stack_resolver::state::number(frame f) {
  const auto [kept, added] = frame_numbers.try_emplace(f, static_cast<std::uint32_t>(frames.size()));
  if (added) frames.push_back(std::move(f));
  return kept->second;
}

void stack_resolver::state::apply(const mapping_event& event) {
  switch (event.what) {
    case mapping_event::kind::map:
      processes[event.pid].map(event.start,
                               {event.size_bytes, event.file_offset, event.path, load(event.path)});
      break;
    case mapping_event::kind::fork: {
      address_space copy = processes[event.parent_pid];
      processes[event.pid] = std::move(copy);
      break;
    }
    case mapping_event::kind::exec:
      processes[event.pid].clear();
      break;
  }
}

void stack_resolver::state::append_names(const mapped_range* range, std::uint64_t range_start,
                                         std::uint64_t address, std::vector<std::uint32_t>& innermost_first) {
  if (range == nullptr) {
    innermost_first.push_back(
        number({.function = "[unmapped]", .module = "", .file = "", .line = 0, .inlined = false}));
    return;
  }
  const std::uint64_t file_offset = address - range_start + range->file_offset;
  const auto link_address =
      range->module != nullptr ? range->module->file().address_of(file_offset) : std::nullopt;
  if (!link_address) {
    const std::string module = base_name(range->path);
    std::string name = range->path.starts_with("//") || module.empty() ? "[anonymous memory]"
                                                                       : nameless(module, file_offset);
    innermost_first.push_back(
        number({.function = std::move(name), .module = module, .file = "", .line = 0, .inlined = false}));
    return;
  }
  const auto [kept, added] = named.try_emplace({range->module, *link_address});
  if (added) {
    std::vector<frame> found = range->module->frames_at(*link_address);
    for (auto f = found.rbegin(); f != found.rend(); ++f) kept->second.push_back(number(std::move(*f)));
  }
  innermost_first.insert(innermost_first.end(), kept->second.begin(), kept->second.end());
}

bool stack_resolver::state::unwind(const stack_sample& sample, std::vector<std::uint32_t>& innermost_first) {
  if (!sample.has_registers) return false;
  const register_numbers machine = machine_registers();
  frame_registers registers;
  registers.value = sample.registers;
  std::fill_n(registers.known.begin(), machine.count, true);
  const stack_bytes stack{registers.value[machine.stack_pointer], sample.stack};
  const address_space& process = processes[sample.pid];

  bool interrupted = true;  // the address is that of the next instruction, and not of a call's return
  while (innermost_first.size() < deepest_stack) {
    const std::uint64_t at = registers.value[machine.program_counter] - (interrupted ? 0 : 1);
    std::uint64_t start = 0;
    const mapped_range* range = process.find(at, start);
    append_names(range, start, at, innermost_first);
    if (range == nullptr || range->module == nullptr) return false;
    const auto address = range->module->file().address_of(at - start + range->file_offset);
    if (!address) return false;
    unwind_rules& rules = range->module->rules();
    const step_result result = rules.step(*address, registers, stack);
    if (result != step_result::stepped) return result == step_result::root;
    interrupted = rules.is_signal_frame(*address);
  }
  return false;
}

stack_resolver::stack_resolver() : state_(std::make_unique<state>()) {}

stack_resolver::stack_resolver(stack_resolver&&) noexcept = default;
stack_resolver& stack_resolver::operator=(stack_resolver&&) noexcept = default;
stack_resolver::~stack_resolver() = default;

std::vector<resolved_sample> stack_resolver::resolve(const recording& from) {
  state_->processes.clear();  // pids are used again
  std::vector<resolved_sample> resolved;
  resolved.reserve(from.samples.size());
  auto next_event = from.mappings.begin();
  for (const stack_sample& sample : from.samples) {
    for (; next_event != from.mappings.end() && next_event->time_ns <= sample.time_ns; ++next_event) {
      state_->apply(*next_event);
    }
    resolved_sample& result = resolved.emplace_back();
    result.time_ns = sample.time_ns;
    result.pid = sample.pid;
    result.tid = sample.tid;
    if (sample.in_kernel) {
      result.frames.push_back(state_->number(
          {.function = "[kernel]", .module = "[kernel]", .file = "", .line = 0, .inlined = false}));
    }
    result.rooted = state_->unwind(sample, result.frames);
    if (result.frames.empty()) {
      result.frames.push_back(state_->number(
          {.function = "[no user stack]", .module = "", .file = "", .line = 0, .inlined = false}));
    }
    std::reverse(result.frames.begin(), result.frames.end());
  }
  return resolved;
}

const std::vector<frame>& stack_resolver::frames() const noexcept {
  return state_->frames;
}

std::uint64_t stack_resolver::function_file_offset(const std::string& path, const std::string& symbol) {
  loaded_module* module = state_->load(path);
  if (module == nullptr) return 0;
  const auto address = module->symbols().address_of(symbol);
  return address ? module->file().offset_of(*address).value_or(0) : 0;
}

}  // namespace deft::symbols
