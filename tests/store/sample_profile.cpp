#include "tests/store/sample_profile.hpp"

namespace deft::tests {

store::profile_file sample_profile() {
  store::profile_file file;
  file.deft_version = "0.1.0";
  file.created = "2026-11-22T07:30:00Z";
  file.command = "./program --fast 'two words'";
  file.ended = "killed by SIGSEGV (Segmentation fault)";
  file.duration_seconds = 1.0 / 3;
  file.machine = {"A processor", 2, 4'000'000'000, "Linux 6.1", "Debian", "available"};
  file.profile.kind = symbols::profile_kind::off_cpu;
  file.profile.collector = "ptrace";
  file.profile.unavailable = "not really";
  file.profile.note = "a note";
  file.profile.frequency_hz = 199;
  file.profile.samples = 7;
  file.profile.discarded = 3;
  file.profile.lost = 1;
  file.profile.unrooted = 2;
  file.profile.threads = {{1, 2, "main", "program"}, {4'294'967'295, 3, "", "child"}};
  file.profile.frames = {{"_start", "program", "", 0, false},
                         {"f<\"x\", '\\n'>(int)", "lib.so", "f.cpp", 12, true}};
  file.profile.stacks = {{{0}, 3, 18'446'744'073'709'551'000U, 0}, {{0, 1, 1}, 4, 500, 1}};
  symbols::annotated_function hot;
  hot.function = "f<\"x\", '\\n'>(int)";
  hot.module = "lib.so";
  hot.count = 4;
  hot.sources = {{"src/f.cpp", 13, 4, "  return x + 1;"}, {"src/g.hpp", 2, 0, ""}};
  hot.instructions = {
      {0x1000, 3, "add eax, 1", "", 1}, {0x1003, 1, "ret", "g(int)", 2}, {0x1004, 0, "nop", "", 0}};
  file.hot_functions = {hot};
  return file;
}

}  // namespace deft::tests
