#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "formats/formats.hpp"
#include "formats/weight.hpp"

namespace deft::formats {
namespace {

using symbols::folded_stack;
using symbols::frame;

struct cost {
  std::uint64_t value = 0;
  std::uint64_t count = 0;

  friend bool operator==(const cost&, const cost&) = default;

  void add(const cost& other) {
    value = saturating_sum(value, other.value);
    count = saturating_sum(count, other.count);
  }
};

/// Names come from other people's programs: what would end a line, or be taken for a number's definition.
std::string printable(std::string_view name) {
  if (name.empty()) return "???";  // As callgrind says it.
  std::string text(name);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; },
      ' ');
  return text;
}

/// Each name is spelt once, "(3) name", and is "(3)" from then on.
class name_table {
 public:
  std::string reference(const std::string& name) {
    const auto [found, is_new] = numbers_.try_emplace(name, numbers_.size() + 1);
    const std::string number = "(" + std::to_string(found->second) + ")";
    return is_new ? number + " " + printable(name) : number;
  }

 private:
  std::map<std::string, std::size_t> numbers_;
};

/// What other tools take for one function: frames may also differ in their line and in whether they are
/// inlined.
using function_key = std::tuple<std::string_view, std::string_view, std::string_view>;

class call_graph {
 public:
  explicit call_graph(const symbols::stack_profile& profile)
      : profile_(profile), function_of_(profile.frames.size()) {
    std::map<function_key, std::uint32_t> numbers;
    for (std::size_t i = 0; i < profile.frames.size(); ++i) {
      const frame& f = profile.frames[i];
      const auto [found, is_new] =
          numbers.try_emplace({f.function, f.module, f.file}, static_cast<std::uint32_t>(functions_.size()));
      if (is_new) functions_.emplace_back().frame = static_cast<std::uint32_t>(i);
      function_of_[i] = found->second;
    }
    last_seen_.assign(functions_.size(), 0);
    for (const folded_stack& stack : profile.stacks) add(stack);
  }

  std::string write(const store::profile_file& file) {
    const bool allocations = profile_.kind == symbols::profile_kind::allocation;
    valued_ = has_values(profile_);
    text_ = "# callgrind format\nversion: 1\ncreator: deft " + printable(file.deft_version) + "\n";
    text_ += "cmd: " + printable(file.command) + "\npositions: line\nevents:";
    if (valued_) text_ += allocations ? " Bytes" : " Nanoseconds";
    text_ += allocations ? " Objects" : " Samples";
    text_ += "\nsummary:";
    put(total_);
    text_ += "\n";
    for (const function& f : functions_) write(f);
    write_roots();
    return std::move(text_);
  }

 private:
  struct call {
    std::uint32_t from_line = 0;
    std::uint32_t callee = 0;  ///< A frame.

    friend auto operator<=>(const call&, const call&) = default;
  };

  struct function {
    std::uint32_t frame = 0;            ///< The first that is of this function.
    std::map<std::uint32_t, cost> own;  ///< By line.
    std::map<call, cost> calls;
    cost inclusive;
    cost spent;     ///< Of its own and passed on to what it calls: in recursion more than `inclusive`.
    cost received;  ///< From its callers.
    cost as_root;   ///< Of stacks that begin with it.
  };

  void add(const folded_stack& stack) {
    const cost spent{value_of(profile_, stack), std::min(stack.count, largest_number)};
    total_.add(spent);
    if (stack.frames.empty()) return;
    ++stacks_seen_;
    for (std::size_t i = 0; i < stack.frames.size(); ++i) {
      const std::uint32_t number = function_of_[stack.frames[i]];
      if (last_seen_[number] == stacks_seen_) continue;  // Counted already, by its outermost call.
      last_seen_[number] = stacks_seen_;
      function& f = functions_[number];
      f.inclusive.add(spent);
      if (i == 0) {
        f.as_root.add(spent);
        continue;
      }
      f.received.add(spent);
      const std::uint32_t caller = stack.frames[i - 1];
      function& from = functions_[function_of_[caller]];
      from.calls[{profile_.frames[caller].line, stack.frames[i]}].add(spent);
      from.spent.add(spent);
    }
    const std::uint32_t innermost = stack.frames.back();
    function& leaf = functions_[function_of_[innermost]];
    leaf.own[profile_.frames[innermost].line].add(spent);
    leaf.spent.add(spent);
  }

  void put(const cost& c) {
    if (valued_) text_ += " " + std::to_string(c.value);
    text_ += " " + std::to_string(c.count);
  }

  void write_position(const std::string& module, const std::string& file, const std::string& name) {
    text_ += "\nob=" + objects_.reference(module);
    text_ += "\nfl=" + files_.reference(file);
    text_ += "\nfn=" + names_.reference(name) + "\n";
  }

  void write_call(std::uint32_t from_line, const frame& callee, const cost& inclusive) {
    text_ += "cob=" + objects_.reference(callee.module);
    text_ += "\ncfi=" + files_.reference(callee.file);
    text_ += "\ncfn=" + names_.reference(callee.function);
    // How often it was called nobody counted; how often it was seen to be called is known.
    text_ += "\ncalls=" + std::to_string(inclusive.count) + " " + std::to_string(callee.line) + "\n";
    text_ += std::to_string(from_line);
    put(inclusive);
    text_ += "\n";
  }

  void write(const function& f) {
    if (f.own.empty() && f.calls.empty()) return;
    const frame& names = profile_.frames[f.frame];
    write_position(names.module, names.file, names.function);
    for (const auto& [line, own] : f.own) {
      text_ += std::to_string(line);
      put(own);
      text_ += "\n";
    }
    for (const auto& [edge, inclusive] : f.calls) {
      write_call(edge.from_line, profile_.frames[edge.callee], inclusive);
    }
  }

  /// Readers take for a function's inclusive cost what its callers pass on to it, or, where nobody calls it,
  /// what it spends. A root for which neither is right gets a caller.
  void write_roots() {
    bool first = true;
    for (const function& f : functions_) {
      if (f.as_root == cost{} || (f.received == cost{} && f.spent == f.inclusive)) continue;
      if (first) write_position({}, {}, "(root)");
      first = false;
      write_call(0, profile_.frames[f.frame], f.as_root);
    }
  }

  const symbols::stack_profile& profile_;
  std::vector<std::uint32_t> function_of_;  ///< Of a frame.
  std::vector<function> functions_;
  std::vector<std::size_t> last_seen_;  ///< In which stack a function was seen last.
  std::size_t stacks_seen_ = 0;
  cost total_;
  bool valued_ = false;
  std::string text_;
  name_table objects_;
  name_table files_;
  name_table names_;
};

}  // namespace

std::string to_callgrind(const store::profile_file& file) {
  return call_graph(file.profile).write(file);
}

}  // namespace deft::formats
