#include <vector>

#include "deft/core/version.hpp"

#include "cli/perform.hpp"
#include "cli/profile_files.hpp"

namespace deft::cli {

exit_code perform(const convert_command& wish) {
  if (const auto writable = check_writable(wish.outputs); !writable) return refuse(writable.error());
  std::vector<store::profile_file> files;
  files.reserve(wish.inputs.size());
  for (const std::string& input : wish.inputs) {
    auto file = load_profile(input, wish.benchmark, wish.base);
    if (!file) return refuse(file.error());
    files.push_back(*std::move(file));
  }
  auto all = formats::merged(files);
  if (!all) return refuse(all.error());
  if (all->deft_version.empty()) all->deft_version = DEFT_VERSION_STRING;
  if (const auto written = write_profile(*all, wish.outputs); !written) return refuse(written.error());
  return exit_code::ok;
}

}  // namespace deft::cli
