#include "symbols/annotate.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "symbols/demangle.hpp"
#include "symbols/disassembler.hpp"
#include "symbols/loaded_module.hpp"
#include "symbols/printable.hpp"
#include "symbols/source_text.hpp"

namespace deft::symbols {
namespace {

// Longer functions are decoded from the sampled instructions on, and not from their start.
constexpr std::uint64_t longest_function = 256 << 10;
constexpr std::uint64_t bytes_behind_sample = 256;

// Of a jump's or call's destination.
constexpr std::size_t longest_target_name = 120;

using leaf = leaf_counts::leaf;

// A run of code, from the symbol or the unwind table, and the samples in it.
struct sampled_code {
  std::uint32_t module = 0;
  elf_symbols::range range;
  std::uint64_t count = 0;
  std::vector<leaf> leaves;  // by address
};

// All runs of one function: compilers move cold parts away from it.
struct sampled_function {
  std::string name;
  loaded_module* module = nullptr;
  std::uint64_t count = 0;
  std::vector<sampled_code> parts;
};

std::vector<sampled_code> find_code(const leaf_counts& counts, stack_resolver& resolver) {
  std::vector<sampled_code> found;
  for (std::uint32_t number = 1; number < counts.modules().size(); ++number) {
    std::vector<leaf> leaves = counts.modules()[number];
    if (leaves.empty()) continue;
    std::sort(leaves.begin(), leaves.end(),
              [](const leaf& a, const leaf& b) { return a.address < b.address; });
    const elf_symbols& symbols = resolver.module(number).symbols();
    for (const leaf& each : leaves) {
      const bool continues =
          !found.empty() && found.back().module == number && each.address < found.back().range.end;
      if (!continues) {
        const auto range = symbols.function_range(each.address);
        const bool known = range && each.address < range->end;
        found.push_back({.module = number,
                         .range = known ? *range : elf_symbols::range{each.address, each.address + 1},
                         .count = 0,
                         .leaves = {}});
      }
      found.back().count += each.count;
      found.back().leaves.push_back(each);
    }
  }
  return found;
}

// Names are looked up for the hottest runs only.
std::vector<sampled_function> find_functions(const leaf_counts& counts, stack_resolver& resolver,
                                             std::size_t most) {
  std::vector<sampled_code> code = find_code(counts, resolver);
  std::sort(code.begin(), code.end(), [](const sampled_code& a, const sampled_code& b) {
    return std::tie(b.count, a.module, a.range.start) < std::tie(a.count, b.module, b.range.start);
  });
  constexpr std::size_t parts_of_function = 4;
  if (code.size() > most * parts_of_function) code.resize(most * parts_of_function);
  std::vector<sampled_function> functions;
  for (sampled_code& part : code) {
    loaded_module& module = resolver.module(part.module);
    std::string name = module.frames_at(part.leaves.front().address).front().function;
    auto same = std::find_if(functions.begin(), functions.end(), [&](const sampled_function& f) {
      return f.module == &module && f.name == name;
    });
    if (same == functions.end()) {
      same = functions.insert(functions.end(),
                              {.name = std::move(name), .module = &module, .count = 0, .parts = {}});
    }
    same->count += part.count;
    same->parts.push_back(std::move(part));
  }
  std::sort(functions.begin(), functions.end(), [](const sampled_function& a, const sampled_function& b) {
    return std::tie(b.count, a.name, a.module->file().name()) <
           std::tie(a.count, b.name, b.module->file().name());
  });
  if (functions.size() > most) functions.resize(most);
  for (sampled_function& each : functions) {
    std::sort(each.parts.begin(), each.parts.end(),
              [](const sampled_code& a, const sampled_code& b) { return a.range.start < b.range.start; });
  }
  return functions;
}

struct counted_instruction {
  decoded_instruction decoded;
  std::uint64_t count = 0;
};

void decode_range(const disassembler& machine, const module_file& file, elf_symbols::range range,
                  std::vector<counted_instruction>& into) {
  std::vector<char> bytes(range.end - range.start);
  bytes.resize(file.read_constant(range.start, bytes));
  std::vector<decoded_instruction> decoded = machine.decode(
      {reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()}, range.start, bytes.size());
  for (decoded_instruction& each : decoded) into.push_back({std::move(each), 0});
}

std::vector<counted_instruction> decode(const disassembler& machine, const module_file& file,
                                        const sampled_code& part) {
  std::vector<counted_instruction> instructions;
  if (part.range.end - part.range.start <= longest_function) {
    decode_range(machine, file, part.range, instructions);
  } else {
    for (const leaf& each : part.leaves) {
      if (!instructions.empty() && each.address <= instructions.back().decoded.address) continue;
      const std::uint64_t end = std::min(part.range.end, each.address + bytes_behind_sample);
      decode_range(machine, file, {each.address, end}, instructions);
      constexpr std::size_t most = longest_function / 4;
      if (instructions.size() > most) break;
    }
  }
  for (const leaf& each : part.leaves) {
    auto after = std::upper_bound(
        instructions.begin(), instructions.end(), each.address,
        [](std::uint64_t wanted, const counted_instruction& i) { return wanted < i.decoded.address; });
    if (after == instructions.begin()) continue;
    counted_instruction& holder = *std::prev(after);
    if (each.address - holder.decoded.address < holder.decoded.size_bytes) holder.count += each.count;
  }
  return instructions;
}

// Around the hottest ones, alternating outwards from each, until there are enough.
void keep_hottest(std::vector<counted_instruction>& instructions, std::size_t most) {
  if (instructions.size() <= most) return;
  constexpr std::size_t context = 10;
  std::vector<std::size_t> by_count(instructions.size());
  for (std::size_t i = 0; i < by_count.size(); ++i) by_count[i] = i;
  std::stable_sort(by_count.begin(), by_count.end(), [&](std::size_t a, std::size_t b) {
    return instructions[a].count > instructions[b].count;
  });
  std::vector<bool> kept(instructions.size());
  std::size_t left = most;
  for (const std::size_t hot : by_count) {
    const std::size_t end = std::min(hot + context + 1, instructions.size());
    for (std::size_t i = hot - std::min(hot, context); i < end && left > 0; ++i) {
      if (!kept[i]) --left;
      kept[i] = true;
    }
  }
  std::size_t at = 0;
  std::erase_if(instructions, [&](const counted_instruction&) { return !kept[at++]; });
}

std::string text_of(const decoded_instruction& instruction, const sampled_function& function) {
  const auto is_inside = [&](std::uint64_t address) {
    return std::any_of(function.parts.begin(), function.parts.end(), [&](const sampled_code& part) {
      return address >= part.range.start && address < part.range.end;
    });
  };
  if (!instruction.target || is_inside(*instruction.target)) return instruction.text;
  const std::string_view symbol = function.module->symbols().name_at(*instruction.target);
  if (symbol.empty()) return instruction.text;
  const bool is_plt = symbol.ends_with("@plt");
  const std::string name = demangle(is_plt ? symbol.substr(0, symbol.size() - 4) : symbol);
  return instruction.text + " <" + to_printable(name, longest_target_name) + (is_plt ? "@plt>" : ">");
}

// Numbers the lines in their order and points the instructions at them.
void add_sources(annotated_function& function, const std::vector<std::optional<source_line>>& lines,
                 const module_file& file, source_text& sources) {
  std::map<std::pair<std::string, std::uint32_t>, std::uint64_t> counts;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i]) counts[{lines[i]->file, lines[i]->line}] += function.instructions[i].count;
  }
  std::map<std::pair<std::string, std::uint32_t>, std::uint32_t> numbers;
  for (const auto& [place, count] : counts) {
    function.sources.push_back(
        {.file = place.first,
         .line = place.second,
         .count = count,
         .text = sources.line(place.first, place.second, file.modified_s(), file.path())});
    numbers[place] = static_cast<std::uint32_t>(function.sources.size());
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i]) function.instructions[i].source = numbers[{lines[i]->file, lines[i]->line}];
  }
}

annotated_function annotate_one(const sampled_function& function, const disassembler& machine,
                                source_text& sources, std::size_t most_instructions) {
  std::vector<counted_instruction> instructions;
  for (const sampled_code& part : function.parts) {
    std::vector<counted_instruction> more = decode(machine, function.module->file(), part);
    instructions.insert(instructions.end(), std::make_move_iterator(more.begin()),
                        std::make_move_iterator(more.end()));
  }
  keep_hottest(instructions, most_instructions);

  annotated_function result;
  result.function = function.name;
  result.module = function.module->file().name();
  result.count = function.count;
  result.instructions.reserve(instructions.size());
  std::vector<std::optional<source_line>> lines;
  lines.reserve(instructions.size());
  for (const counted_instruction& each : instructions) {
    annotated_instruction& shown = result.instructions.emplace_back();
    shown.address = each.decoded.address;
    shown.count = each.count;
    shown.text = text_of(each.decoded, function);
    frame innermost = function.module->frames_at(shown.address).back();
    if (innermost.inlined) shown.function = std::move(innermost.function);
    lines.push_back(function.module->scopes().line_at(shown.address));
  }
  add_sources(result, lines, function.module->file(), sources);
  return result;
}

}  // namespace

void leaf_counts::add(std::span<const resolved_sample> samples) {
  for (const resolved_sample& sample : samples) {
    if (sample.leaf_module == 0) continue;
    const std::optional<sample_amount> amount = amount_of(sample, options_);
    if (!amount) continue;
    if (sample.leaf_module >= leaves_.size()) {
      leaves_.resize(sample.leaf_module + 1);
      indices_.resize(sample.leaf_module + 1);
    }
    std::vector<leaf>& leaves = leaves_[sample.leaf_module];
    number_index& index = indices_[sample.leaf_module];
    std::uint32_t number = index.find(sample.leaf_address);
    if (number == number_index::none) {
      number = static_cast<std::uint32_t>(leaves.size());
      leaves.push_back({sample.leaf_address, 0});
      index.insert(sample.leaf_address, number);
    }
    leaves[number].count += amount->count;
  }
}

std::vector<annotated_function> annotate(const leaf_counts& counts, stack_resolver& resolver,
                                         const annotate_limits& limits) {
  const disassembler machine;
  source_text sources;
  std::vector<annotated_function> annotated;
  for (const sampled_function& function : find_functions(counts, resolver, limits.functions))
    annotated.push_back(annotate_one(function, machine, sources, limits.instructions));
  return annotated;
}

}  // namespace deft::symbols
