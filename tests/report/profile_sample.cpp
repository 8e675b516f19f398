#include "tests/report/profile_sample.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tests/report/random_source.hpp"

namespace deft::report::test {
namespace {

using symbols::frame;
using symbols::profile_kind;

constexpr std::uint32_t outer_frames = 5;
constexpr std::uint32_t scope_frame = 5;

std::vector<frame> frames_of(std::size_t functions) {
  std::vector<frame> out = {
      {"_start", "indexer", "", 0, false},
      {"__libc_start_main_impl", "libc.so.6", "libc-start.c", 242, false},
      {"main", "indexer", "main.cpp", 57, false},
      {"clone3", "libc.so.6", "clone3.S", 81, false},
      {"start_thread", "libc.so.6", "pthread_create.c", 304, false},
      {"read documents", "[scope]", "", 0, false},
      {"index::builder::add(std::basic_string_view<char, std::char_traits<char> >, unsigned int)", "indexer",
       "builder.cpp", 118, false},
      {"index::tokenizer::next()", "indexer", "tokenizer.cpp", 44, false},
      {"std::_Hashtable<std::string, std::pair<std::string const, unsigned int>, "
       "std::allocator<std::pair<std::string const, unsigned int> > >::_M_find_before_node(unsigned long, "
       "std::string const&, unsigned long) const",
       "indexer", "hashtable.h", 1826, true},
      {"decltype (auto) index::visit<index::posting_list&, unsigned int>(index::posting_list&, unsigned "
       "int&&)",
       "indexer", "visit.hpp", 31, false},
      {"_int_malloc", "libc.so.6", "malloc.c", 3734, false},
      {"__memmove_avx_unaligned_erms", "libc.so.6", "memmove-vec-unaligned-erms.S", 267, false},
      {"entry_SYSCALL_64_after_hwframe", "[kernel]", "", 0, false},
      {"do_sys_openat2", "[kernel]", "", 0, false},
      {"copy_user_generic_string", "[kernel]", "", 0, false},
      {"[libz.so.1+0x12f0]", "libz.so.1", "", 0, false},
      {"</script><script>alert('name')</script>", "indexer", "\"hostile\".cpp", 1, false},
      {"größe::日本語(naïve😀)\xE2\x80\xA8\xff", "indexer", "utf8.cpp", 8, false},
      {"index::posting_list::append(unsigned int)", "indexer", "posting_list.hpp", 73, true},
  };
  const std::size_t special = out.size();
  for (std::size_t i = special; i < functions; ++i) {
    const bool is_library = i % 6 == 5;
    const std::string n = std::to_string(i);
    out.push_back(
        {is_library ? "codec_step_" + n : "index::pass_" + n + "(index::document<" + n + "> const&)",
         is_library ? "libcodec.so.2" : "indexer", is_library ? "codec.c" : "passes.cpp",
         static_cast<std::uint32_t>(20 + 9 * i), i % 5 == 4});
  }
  return out;
}

std::vector<symbols::profiled_thread> threads_of(bool has_threads) {
  if (!has_threads) return {};
  return {{4711, 4711, "indexer", "indexer"},
          {4711, 4713, "worker 1", "indexer"},
          {4711, 4714, "worker 2", "indexer"},
          {4711, 4715, "<b>&amp; worker", "indexer"},
          {4802, 4802, "", "gzip"}};
}

// A walk from caller to callee: each function calls a few others, the first of them most of the time.
symbols::folded_stack stack_of(const profile_size& size, random_source& random) {
  symbols::folded_stack out;
  out.thread = size.has_threads ? static_cast<std::uint32_t>(random.below(9) / 2) : 0;
  const bool is_main = out.thread == 0 || out.thread == 4;
  out.frames = is_main ? std::vector<std::uint32_t>{0, 1, 2} : std::vector<std::uint32_t>{3, 4};
  if (random.uniform() < 0.7) out.frames.push_back(scope_frame);
  const std::size_t inner = size.functions - outer_frames - 1;
  const std::size_t depth = 1 + random.below(size.deepest);
  std::size_t at = random.below(3);
  for (std::size_t d = 0; d < depth; ++d) {
    out.frames.push_back(outer_frames + 1 + static_cast<std::uint32_t>(at % inner));
    const double which = random.uniform();
    at = at * 2 + 1 + static_cast<std::size_t>(which * which * 3);
  }
  return out;
}

symbols::stack_profile profile_of(const profile_size& size) {
  random_source random(20261123);
  symbols::stack_profile out;
  out.kind = size.kind;
  out.collector = "perf_event cpu-clock + user stack copies";
  out.note = "made up for a test";
  out.frequency_hz = size.kind == profile_kind::allocation ? 0 : 997;
  out.lost = 12;
  out.threads = threads_of(size.has_threads);
  out.frames = frames_of(size.functions);
  out.stacks.reserve(size.stacks);
  for (std::size_t s = 0; s < size.stacks; ++s) {
    symbols::folded_stack stack = stack_of(size, random);
    stack.count = 1 + static_cast<std::uint64_t>(900 / (1.0 + static_cast<double>(s)) * random.uniform());
    if (size.kind == profile_kind::allocation) stack.value = stack.count * (16 + 24 * random.below(40));
    if (size.kind == profile_kind::off_cpu) stack.value = stack.count * (50'000 + random.below(9'000'000));
    out.samples += stack.count;
    out.stacks.push_back(std::move(stack));
  }
  out.unrooted = out.samples / 400;
  return out;
}

symbols::annotated_function hot_with_source(const symbols::frame& of, std::size_t instructions) {
  random_source random(77);
  symbols::annotated_function out;
  out.function = of.function;
  out.module = of.module;
  for (std::uint32_t line = 0; line < 90; ++line) {
    const bool is_inlined = line >= 60;
    out.sources.push_back(
        {is_inlined ? "/usr/include/c++/12/bits/hashtable.h" : "src/index/builder.cpp",
         is_inlined ? 1800 + line : 118 + line, 0,
         is_inlined ? "\twhile (node && !this->_M_equals(key, code, *node)) // <b>" + std::to_string(line)
                    : "  auto entry_" + std::to_string(line) + " = table.find(token);\t// step"});
  }
  out.sources[12].text.clear();
  out.sources[20].text = "</script>\xE2\x80\xA9 &amp; \xff" + std::string(600, 'x');
  for (std::size_t i = 0; i < instructions; ++i) {
    const auto source = static_cast<std::uint32_t>(1 + i * 90 / instructions);
    const bool is_hot = (i % 97) < 5;
    symbols::annotated_instruction one;
    one.address = 0x4A10 + 4 * i;
    one.count = is_hot ? 1 + random.below(40) : 0;
    one.text = i % 3 == 0   ? "mov    0x18(%rax),%rdx"
               : i % 3 == 1 ? "cmp\t%rcx,%rdx"
                            : "jne    0x4a10 <index::builder::add+0x10>";
    if (source > 60) one.function = "std::_Hashtable<std::string>::_M_find_before_node(unsigned long) const";
    one.source = source;
    out.sources[source - 1].count += one.count;
    out.count += one.count;
    out.instructions.push_back(std::move(one));
  }
  return out;
}

symbols::annotated_function hot_without_source(const symbols::frame& of) {
  symbols::annotated_function out;
  out.function = of.function;
  out.module = of.module;
  for (std::uint64_t i = 0; i < 24; ++i) {
    const std::uint64_t count = i == 9 ? 61 : i == 10 ? 14 : 0;
    out.instructions.push_back(
        {0x9F2E0 + 3 * i, count, i == 9 ? "rep movsb %ds:(%rsi),%es:(%rdi)" : "add    $0x20,%rsi", "", 0});
    out.count += count;
  }
  return out;
}

}  // namespace

store::profile_file sample_profile(const profile_size& size) {
  store::profile_file out;
  out.deft_version = "0.1.0";
  out.created = "2026-11-22T11:30:00Z";
  out.command = "./indexer --threads 3 'documents & more'/";
  out.ended = "exit code 0";
  out.duration_seconds = 9.4;
  out.machine = {"AMD EPYC 9B14", 2, 8ULL << 30U, "6.1.0-28-cloud-amd64", "Debian GNU/Linux 12 (bookworm)",
                 "available"};
  out.profile = profile_of(size);
  if (size.instructions > 0) {
    out.hot_functions.push_back(hot_with_source(out.profile.frames[6], size.instructions));
    out.hot_functions.push_back(hot_without_source(out.profile.frames[11]));
  }
  return out;
}

store::profile_file large_profile() {
  return sample_profile({.stacks = 6'800, .deepest = 60, .functions = 6'000, .instructions = 30'000});
}

}  // namespace deft::report::test
