#include "cli/measured_programs.hpp"

#include <filesystem>
#include <optional>
#include <utility>

#include "store/measured_program.hpp"

namespace deft::cli {
namespace {

namespace fs = std::filesystem;
using support::error;
using support::error_kind;

store::measured_program noted(const measure::program& p) {
  std::error_code failure;
  const fs::path absolute = fs::absolute(measure::executable(p), failure).lexically_normal();
  store::measured_program note{absolute.string(), p.arguments, p.environment, 0, {}};
  store::identify(note);
  return note;
}

measure::program runnable(const store::measured_program& p) {
  return {p.path, p.arguments, p.environment};
}

}  // namespace

void name_programs(store::result_file& file, const lineup& all) {
  std::vector<std::optional<std::uint32_t>> number_of(all.contenders.size());
  for (std::size_t i = 0; i < all.benchmarks.size(); ++i) {
    const listed_benchmark& listed = all.benchmarks[i];
    const measure::contender& both = all.contenders[listed.contender];
    if (listed.where != presence::both || !both.head || both.base.command) continue;
    std::optional<std::uint32_t>& number = number_of[listed.contender];
    if (!number) {
      number = static_cast<std::uint32_t>(file.base.programs.size());
      file.base.programs.push_back(noted(both.base));
      file.head.programs.push_back(noted(*both.head));
    }
    file.benchmarks[i].program = number;
    if (listed.name != listed.shown) file.benchmarks[i].name_in_program = listed.name;
  }
}

support::result<explained_benchmark> programs_of(const store::result_file& file, std::size_t index,
                                                 bool& unchecked) {
  const store::benchmark& b = file.benchmarks[index];
  explained_benchmark wanted{index, b.name_in_program.empty() ? b.name : b.name_in_program, {}, {}};
  if (b.program) {
    const store::measured_program& base = file.base.programs[*b.program];
    const store::measured_program& head = file.head.programs[*b.program];
    for (const store::measured_program* side : {&base, &head}) {
      const support::result<void> same = store::check_unchanged(*side);
      if (same) {
        unchecked = unchecked || side->content.empty();
        continue;
      }
      std::string message = same.error().message;
      if (!file.base.revision.empty()) message += " (deft ab --rev ... --explain explains while it is there)";
      return error{same.error().kind, std::move(message)};
    }
    wanted.base = runnable(base);
    wanted.head = runnable(head);
    return wanted;
  }
  unchecked = true;
  for (const auto& [side, program] :
       {std::pair(&file.base, &wanted.base), std::pair(&file.head, &wanted.head)}) {
    std::error_code failure;
    if (!fs::is_regular_file(side->program, failure)) {
      return error{
          error_kind::unreadable_input,
          side->program + ": is no program that is there; deft explain BASE HEAD takes two programs"};
    }
    *program = {side->program, {}, {}};
  }
  return wanted;
}

}  // namespace deft::cli
