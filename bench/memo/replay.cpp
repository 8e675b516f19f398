// Replays the requests of a trace through deft's caches and prints how many of them each policy and size
// hits.
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <unordered_set>
#include <vector>

#include "deft/memo/concurrent_cache.hpp"
#include "deft/memo/policy.hpp"

#include "bench/memo/replay_trace.hpp"

namespace {

using keys = std::vector<std::uint64_t>;

constexpr const char* usage =
    "usage: deft_replay [--policy NAME]... [--size ENTRIES]... [--shards N] [--format guess|words|text] "
    "FILE\n"
    "\n"
    "Prints how many requests of the trace FILE (- for standard input; .xz is unpacked) a "
    "deft::concurrent_cache\n"
    "would have answered, one line for each policy and size.\n"
    "\n"
    "  --policy NAME     fifo, lru, clock, sieve, s3_fifo, tiny_lfu or unbounded; all of them unless given\n"
    "  --size ENTRIES    max_size; 1, 5 and 20 % of the different keys unless given\n"
    "  --shards N        memo_options::shards; 1, where the order is exact, unless given; 0 as many as suit\n"
    "  --format FORMAT   words: 32 bits a key, in either byte order; text: a line a key; guess unless "
    "given\n";

enum exit_code { ok = 0, wrong_usage = 2, unreadable = 5 };

/// What is wrong with the command line, in one line.
struct usage_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

template <typename Policy>
std::size_t hits(const keys& requests, std::size_t max_size, std::size_t shards) {
  deft::concurrent_cache<std::uint64_t, std::uint64_t, Policy> cache(
      deft::memo_options{.max_size = max_size, .shards = shards});
  std::size_t count = 0;
  for (const std::uint64_t key : requests) {
    if (cache.get(key)) {
      ++count;
    } else {
      cache.put(key, key);
    }
  }
  return count;
}

struct policy {
  std::string_view name;
  std::size_t (*hits)(const keys& requests, std::size_t max_size, std::size_t shards);
};

constexpr policy policies[] = {
    {"fifo", hits<deft::policy::fifo>},           {"lru", hits<deft::policy::lru>},
    {"clock", hits<deft::policy::clock>},         {"sieve", hits<deft::policy::sieve>},
    {"s3_fifo", hits<deft::policy::s3_fifo>},     {"tiny_lfu", hits<deft::policy::tiny_lfu>},
    {"unbounded", hits<deft::policy::unbounded>},
};

struct command {
  std::vector<policy> wanted;
  std::vector<std::size_t> sizes;
  std::size_t shards = 1;
  deft_replay::trace_format format = deft_replay::trace_format::guess;
  std::string file;
  bool help = false;
};

std::size_t number(std::string_view option, std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    throw usage_error(std::string(option) + " wants a number, not '" + std::string(text) + "'");
  }
  return value;
}

policy policy_named(std::string_view name) {
  for (const policy& p : policies) {
    if (p.name == name) return p;
  }
  throw usage_error("there is no policy '" + std::string(name) + "'");
}

deft_replay::trace_format format_named(std::string_view name) {
  if (name == "guess") return deft_replay::trace_format::guess;
  if (name == "words") return deft_replay::trace_format::words;
  if (name == "text") return deft_replay::trace_format::text;
  throw usage_error("there is no format '" + std::string(name) + "'");
}

command parse(const std::vector<std::string_view>& arguments) {
  command c;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    const auto value = [&] {
      if (i + 1 == arguments.size()) throw usage_error(std::string(argument) + " wants a value");
      return arguments[++i];
    };
    if (argument == "--help") {
      c.help = true;
    } else if (argument == "--policy") {
      c.wanted.push_back(policy_named(value()));
    } else if (argument == "--size") {
      c.sizes.push_back(number(argument, value()));
    } else if (argument == "--shards") {
      c.shards = number(argument, value());
    } else if (argument == "--format") {
      c.format = format_named(value());
    } else if (argument.size() > 1 && argument.starts_with('-')) {
      throw usage_error("there is no option '" + std::string(argument) + "'");
    } else if (!c.file.empty()) {
      throw usage_error("more than one FILE: '" + c.file + "' and '" + std::string(argument) + "'");
    } else {
      c.file = argument;
    }
  }
  if (c.file.empty() && !c.help) throw usage_error("which FILE? See deft_replay --help");
  if (c.wanted.empty()) c.wanted.assign(std::begin(policies), std::end(policies));
  return c;
}

std::vector<std::size_t> usual_sizes(const keys& requests) {
  const std::size_t different = std::unordered_set<std::uint64_t>(requests.begin(), requests.end()).size();
  std::vector<std::size_t> sizes;
  for (const std::size_t percent : {1, 5, 20}) {
    const std::size_t size = (different * percent + 99) / 100;
    if (sizes.empty() || size > sizes.back()) sizes.push_back(size);
  }
  return sizes;
}

void print_row(std::string_view name, const std::string& size, std::size_t requests, std::size_t hits) {
  std::printf("%-10.*s %10s %12zu %12zu %8.4f\n", static_cast<int>(name.size()), name.data(), size.c_str(),
              requests, hits, static_cast<double>(hits) / static_cast<double>(requests));
}

exit_code run(const command& c) {
  deft_replay::trace trace = deft_replay::read_trace(c.file, c.format);
  if (!trace.error.empty()) {
    std::fprintf(stderr, "deft_replay: %s\n", trace.error.c_str());
    return unreadable;
  }
  const std::vector<std::size_t> sizes = c.sizes.empty() ? usual_sizes(trace.keys) : c.sizes;
  std::printf("%-10s %10s %12s %12s %8s\n", "policy", "size", "requests", "hits", "ratio");
  for (const policy& p : c.wanted) {
    if (p.name == "unbounded") {
      print_row(p.name, "-", trace.keys.size(), p.hits(trace.keys, 0, c.shards));
      continue;
    }
    for (const std::size_t size : sizes) {
      print_row(p.name, std::to_string(size), trace.keys.size(), p.hits(trace.keys, size, c.shards));
    }
  }
  return ok;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const command c = parse(std::vector<std::string_view>(argv + (argc != 0 ? 1 : 0), argv + argc));
    if (c.help) {
      std::fputs(usage, stdout);
      return ok;
    }
    return run(c);
  } catch (const usage_error& error) {
    std::fprintf(stderr, "deft_replay: %s\n", error.what());
    return wrong_usage;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "deft_replay: %s\n", error.what());
    return unreadable;
  }
}
