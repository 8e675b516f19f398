#include "profile/agent_library.hpp"

#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <vector>

namespace deft::profile {
namespace {

namespace fs = std::filesystem;

const char* file_name_of(agent_kind kind) {
  switch (kind) {
    case agent_kind::allocations:
      return "libdeft_agent_allocations.so";
    case agent_kind::instruction_counts:
      return "libdeft_agent_instruction_counts.so";
    case agent_kind::allocation_counts:
      return "libdeft_agent_allocation_counts.so";
    case agent_kind::cpu:
      break;
  }
  return "libdeft_agent.so";
}

fs::path in_same_folder(const std::string& cpu_path, agent_kind kind) {
  const fs::path path(cpu_path);
  return kind == agent_kind::cpu ? path : path.parent_path() / file_name_of(kind);
}

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

}  // namespace

support::result<std::string> find_agent_library(const std::string& asked_for, agent_kind kind) {
  const auto unavailable = [](std::string message) {
    return support::error{support::error_kind::unavailable, std::move(message)};
  };
#ifndef DEFT_AGENT_LIBRARY_FOLDER
  static_cast<void>(asked_for);
  static_cast<void>(kind);
  return unavailable(
      "sampling by a preloaded agent needs x86-64 and a C library with _dl_find_object (glibc 2.35)");
#else
  std::string named = asked_for;
  if (named.empty()) {
    if (const char* const variable = std::getenv("DEFT_AGENT")) named = variable;
  }
  std::error_code failed;
  if (!named.empty()) {
    const fs::path path = fs::absolute(in_same_folder(named, kind), failed);
    if (!failed && is_there(path)) return path.string();
    return unavailable("no agent library " + path.string());
  }
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  const std::string name = file_name_of(kind);
  // In the build tree beside the program; installed, in the library folder.
  const std::vector<fs::path> places = {program.parent_path() / name,
                                        program.parent_path() / DEFT_AGENT_LIBRARY_FOLDER / name};
  for (const fs::path& place : places) {
    if (is_there(place)) return place.lexically_normal().string();
  }
  return unavailable("the agent library " + name + " is neither in " + places[0].parent_path().string() +
                     " nor in " + places[1].parent_path().lexically_normal().string() +
                     ": set DEFT_AGENT to its path");
#endif
}

}  // namespace deft::profile
