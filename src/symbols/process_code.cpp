#include "symbols/process_code.hpp"

#include <array>

#include "symbols/scope_marks.hpp"

namespace deft::symbols {
namespace {

// What no scope's name leads to; a frame's number otherwise.
constexpr std::uint32_t no_name = number_index::none - 1;

}  // namespace

void process_code::apply(const mapping_event& event) {
  process& owner = processes_[event.pid];
  switch (event.what) {
    case mapping_event::kind::map:
      owner.space.map(event.start,
                      {event.size_bytes, event.file_offset, &modules_.entry(event.path, event.build_id)});
      break;
    case mapping_event::kind::fork:
      owner.space = address_space(processes_[event.parent_pid].space);
      break;
    case mapping_event::kind::exec:
      owner.space.clear();
      owner.executed = true;
      break;
  }
  owner.places.clear();
  owner.scope_frames.clear();
}

code_place& process_code::at(process& owner, std::uint64_t address) {
  std::uint32_t number = owner.places.find(address);
  if (number == number_index::none) {
    number = place_at(owner, address);
    owner.places.insert(address, number);
  }
  return places_[number];
}

std::uint32_t process_code::place_at(const process& owner, std::uint64_t address) {
  std::uint64_t start = 0;
  const mapped_range* range = owner.space.find(address, start);
  if (range == nullptr) return add_nameless(nullptr, 0);
  module_entry& entry = *range->module;
  const std::uint64_t file_offset = address - start + range->file_offset;
  loaded_module* module = modules_.open(entry);
  const std::optional<std::uint64_t> link_address =
      module == nullptr ? std::nullopt : module->file().address_of(file_offset);
  if (!link_address) return add_nameless(&entry, file_offset);

  std::uint32_t number = entry.code.find(*link_address);
  if (number != number_index::none) return number;
  std::vector<frame> found = module->frames_at(*link_address);
  std::vector<std::uint32_t> innermost_first;
  innermost_first.reserve(found.size());
  for (auto f = found.rbegin(); f != found.rend(); ++f)
    innermost_first.push_back(frames_->number(std::move(*f)));
  number = add_place({.entry = &entry, .module = module, .address = *link_address}, innermost_first);
  entry.code.insert(*link_address, number);
  return number;
}

std::uint32_t process_code::add_place(const code_place& place, std::span<const std::uint32_t> names) {
  const auto number = static_cast<std::uint32_t>(places_.size());
  places_.push_back(place);
  places_.back().first_name = static_cast<std::uint32_t>(names_.size());
  places_.back().name_count = static_cast<std::uint32_t>(names.size());
  names_.insert(names_.end(), names.begin(), names.end());
  return number;
}

std::uint32_t process_code::add_nameless(module_entry* entry, std::uint64_t file_offset) {
  std::uint32_t number = 0;
  if (entry == nullptr) {
    number = frames_->number("[unmapped]", "");
  } else if (entry->path.starts_with("//") || entry->name.empty()) {
    number = frames_->number("[anonymous memory]", entry->name);
  } else {
    number = frames_->number(nameless(entry->name, file_offset), entry->name);
  }
  return add_place({.entry = entry}, {&number, 1});
}

const unwind_rules::rule& process_code::rule(code_place& place) {
  if (place.rule == nullptr) place.rule = &place.module->rules().at(place.address);
  return *place.rule;
}

std::optional<std::uint32_t> process_code::scope_frame(process& owner, std::uint64_t address) {
  std::uint32_t number = owner.scope_frames.find(address);
  if (number == number_index::none) {
    number = find_scope_frame(owner, address);
    owner.scope_frames.insert(address, number);
  }
  if (number == no_name) return std::nullopt;
  return number;
}

// Collectors report executable mappings only, and the name lies in another part of its module: before or
// behind one of them, as far away as when it was linked.
std::uint32_t process_code::find_scope_frame(const process& owner, std::uint64_t address) {
  std::array<std::uint64_t, 2> starts{};
  const std::array<const mapped_range*, 2> neighbours = {owner.space.find_before(address, starts[0]),
                                                         owner.space.find_after(address, starts[1])};
  for (std::size_t i = 0; i < neighbours.size(); ++i) {
    if (neighbours[i] == nullptr) continue;
    loaded_module* module = modules_.open(*neighbours[i]->module);
    if (module == nullptr) continue;
    const std::optional<std::uint64_t> link_start = module->file().address_of(neighbours[i]->file_offset);
    if (!link_start) continue;
    if (auto name = read_scope_name(module->file(), address - starts[i] + *link_start))
      return frames_->number(std::move(*name), "[scope]");
  }
  return no_name;
}

}  // namespace deft::symbols
