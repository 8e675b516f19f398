#include "symbols/fold.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "symbols/sequence_table.hpp"
#include "symbols/thread_names.hpp"

namespace deft::symbols {
namespace {

constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();

// Figures in a file of samples may be anything.
std::uint64_t add_up(std::uint64_t a, std::uint64_t b) noexcept {
  return a > most - b ? most : a + b;
}

std::uint64_t multiply(std::uint64_t a, std::uint64_t b) noexcept {
  return b != 0 && a > most / b ? most : a * b;
}

struct tally {
  std::uint64_t count = 0;
  std::uint64_t value = 0;

  void add(std::uint64_t more_count, std::uint64_t more_value) noexcept {
    count = add_up(count, more_count);
    value = add_up(value, more_value);
  }
};

bool belongs(sample_cause cause, profile_kind kind) noexcept {
  switch (kind) {
    case profile_kind::cpu:
      return cause == sample_cause::cpu;
    case profile_kind::wall:
      return cause == sample_cause::running || cause == sample_cause::waiting;
    case profile_kind::off_cpu:
      return cause == sample_cause::waiting;
    case profile_kind::allocation:
      return cause == sample_cause::allocation;
  }
  return false;
}

// By content: equal frames get equal numbers, in an order that is the content's.
struct ordered_frames {
  std::vector<frame> frames;
  std::vector<std::uint32_t> renumbered;  // by the old number
};

ordered_frames order(std::span<const frame> frames, const std::vector<bool>& used) {
  const auto content = [&](std::uint32_t number) {
    const frame& f = frames[number];
    return std::tie(f.function, f.module, f.file, f.line, f.inlined);
  };
  std::vector<std::uint32_t> numbers;
  for (std::uint32_t i = 0; i < used.size(); ++i) {
    if (used[i]) numbers.push_back(i);
  }
  std::sort(numbers.begin(), numbers.end(),
            [&](std::uint32_t a, std::uint32_t b) { return content(a) < content(b); });
  ordered_frames ordered;
  ordered.renumbered.resize(used.size());
  for (const std::uint32_t number : numbers) {
    if (ordered.frames.empty() || ordered.frames.back() != frames[number])
      ordered.frames.push_back(frames[number]);
    ordered.renumbered[number] = static_cast<std::uint32_t>(ordered.frames.size() - 1);
  }
  return ordered;
}

}  // namespace

std::optional<sample_amount> amount_of(const resolved_sample& sample, const fold_options& options) {
  if (!belongs(sample.cause, options.kind)) return std::nullopt;
  if (options.kind == profile_kind::allocation) return sample_amount{sample.objects, sample.bytes};
  return sample_amount{1, multiply(sample.weight, options.period_ns)};
}

struct stack_folder::state {
  fold_options options;
  thread_names names;
  sequence_table<std::uint32_t> stacks;  // process and thread (0 where not told apart), then frames
  std::vector<tally> tallies;            // by the stack's number
  std::uint64_t samples = 0;
  std::uint64_t unrooted = 0;
  std::vector<std::uint32_t> key;
};

stack_folder::stack_folder(const fold_options& options) : state_(std::make_unique<state>()) {
  state_->options = options;
}

stack_folder::stack_folder(stack_folder&&) noexcept = default;
stack_folder& stack_folder::operator=(stack_folder&&) noexcept = default;
stack_folder::~stack_folder() = default;

void stack_folder::name_threads(const recording& part) {
  state_->names.apply(part);
}

void stack_folder::add(std::span<const resolved_sample> samples) {
  state& s = *state_;
  for (const resolved_sample& sample : samples) {
    const std::optional<sample_amount> amount = amount_of(sample, s.options);
    if (!amount) continue;
    s.key.assign({s.options.by_thread ? sample.pid : 0, s.options.by_thread ? sample.tid : 0});
    s.key.insert(s.key.end(), sample.frames.begin(), sample.frames.end());
    const auto [number, added] = s.stacks.number(s.key);
    if (added) s.tallies.emplace_back();
    s.tallies[number].add(amount->count, amount->value);
    s.samples = add_up(s.samples, amount->count);
    if (!sample.rooted) s.unrooted = add_up(s.unrooted, amount->count);
  }
}

stack_profile stack_folder::finish(std::span<const frame> frames) const {
  const state& s = *state_;
  constexpr std::size_t thread_words = 2;
  std::vector<bool> used(frames.size());
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> threads;
  for (std::uint32_t i = 0; i < s.stacks.size(); ++i) {
    const std::span<const std::uint32_t> stack = s.stacks[i];
    threads.try_emplace({stack[0], stack[1]}, 0);
    for (const std::uint32_t number : stack.subspan(thread_words)) used[number] = true;
  }

  stack_profile profile;
  profile.kind = s.options.kind;
  profile.samples = s.samples;
  profile.unrooted = s.unrooted;
  ordered_frames ordered = order(frames, used);
  profile.frames = std::move(ordered.frames);
  if (s.options.by_thread) {
    profile.threads.reserve(threads.size());
    for (auto& [thread, number] : threads) {
      number = static_cast<std::uint32_t>(profile.threads.size());
      profile.threads.push_back(s.names.describe(thread.first, thread.second));
    }
  }
  std::vector<folded_stack> stacks;
  stacks.reserve(s.stacks.size());
  for (std::uint32_t i = 0; i < s.stacks.size(); ++i) {
    const std::span<const std::uint32_t> stack = s.stacks[i];
    folded_stack& folded = stacks.emplace_back();
    folded.frames.reserve(stack.size() - thread_words);
    for (const std::uint32_t number : stack.subspan(thread_words))
      folded.frames.push_back(ordered.renumbered[number]);
    folded.count = s.tallies[i].count;
    folded.value = s.tallies[i].value;
    folded.thread = threads.at({stack[0], stack[1]});
  }
  const auto place = [](const folded_stack& stack) { return std::tie(stack.frames, stack.thread); };
  std::sort(stacks.begin(), stacks.end(),
            [&](const folded_stack& a, const folded_stack& b) { return place(a) < place(b); });
  for (folded_stack& stack : stacks) {
    if (!profile.stacks.empty() && place(profile.stacks.back()) == place(stack)) {
      folded_stack& same = profile.stacks.back();
      same.count = add_up(same.count, stack.count);
      same.value = add_up(same.value, stack.value);
    } else {
      profile.stacks.push_back(std::move(stack));
    }
  }
  return profile;
}

stack_profile fold(std::span<const resolved_sample> samples, std::span<const frame> frames) {
  stack_folder folder;
  folder.add(samples);
  return folder.finish(frames);
}

}  // namespace deft::symbols
