#include "store/measured_program.hpp"

#include <cstdio>
#include <filesystem>
#include <system_error>

#include "deft/core/hash.hpp"

#include "support/files.hpp"

namespace deft::store {

void identify(measured_program& program) {
  program.size_bytes = 0;
  program.content.clear();
  std::error_code failure;
  if (!std::filesystem::is_regular_file(program.path, failure)) return;
  const auto bytes = support::read_file(program.path);
  if (!bytes) return;
  program.size_bytes = bytes->size();
  constexpr std::uint64_t always_the_same_seed = 0;
  char text[17];
  std::snprintf(
      text, sizeof text, "%016llx",
      static_cast<unsigned long long>(hash_bytes(bytes->data(), bytes->size(), always_the_same_seed)));
  program.content = text;
}

support::result<void> check_unchanged(const measured_program& program) {
  const auto wrong = [&](const std::string& what) {
    return support::error{support::error_kind::unreadable_input, program.path + ": " + what};
  };
  std::error_code failure;
  if (!std::filesystem::exists(program.path, failure)) return wrong("the program that was measured is gone");
  measured_program now{program.path, {}, {}, 0, {}};
  identify(now);
  if (now.content.empty()) return wrong("cannot be read");
  if (!program.content.empty() && now.content != program.content)
    return wrong("is not the program any more that was measured: it was built again since");
  return {};
}

}  // namespace deft::store
