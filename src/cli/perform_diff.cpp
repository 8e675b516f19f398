#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "deft/core/version.hpp"

#include "cli/output.hpp"
#include "cli/perform.hpp"
#include "cli/profile_files.hpp"
#include "diff/explanation.hpp"
#include "diff/gather.hpp"
#include "report/explanation_text.hpp"
#include "report/report.hpp"
#include "store/explanation_json.hpp"
#include "store/paired_profiles.hpp"
#include "support/files.hpp"

namespace deft::cli {
namespace {

using support::error;
using support::error_kind;

/// What its samples stand for, all together.
double total_ns(const symbols::stack_profile& profile) {
  double ns = 0;
  for (const symbols::folded_stack& stack : profile.stacks) ns += static_cast<double>(stack.value);
  if (ns == 0 && profile.frequency_hz != 0)
    ns = static_cast<double>(profile.samples) * 1e9 / profile.frequency_hz;
  return ns;
}

support::result<diff::process_profile> load(const std::string& path, const diff_command& wish) {
  auto file = load_profile(path, wish.benchmark, false);
  if (!file) return file.error();
  symbols::stack_profile& profile = file->profile;
  if (profile.kind == symbols::profile_kind::allocation)
    return error{error_kind::usage, path + ": a profile of allocations; deft diff compares times"};
  if (!profile.unavailable.empty() && profile.stacks.empty())
    return error{error_kind::unreadable_input, path + ": holds no samples: " + profile.unavailable};
  const double ns = total_ns(profile);
  if (!(ns > 0)) {
    return error{error_kind::unreadable_input,
                 path + ": does not tell what time its samples stand for (collapsed stacks do not)"};
  }
  return diff::process_profile{std::move(profile), ns / wish.per};
}

std::string joined(const std::vector<std::string>& names) {
  return names.size() == 1 ? names.front()
                           : names.front() + " and " + std::to_string(names.size() - 1) + " more";
}

/// The page of a result with one benchmark, which draws paired profiles.
std::string page_of(diff::profile_rounds rounds, const diff_command& wish) {
  store::result_file file;
  file.kind = store::run_kind::comparison;
  file.deft_version = DEFT_VERSION_STRING;
  file.base = {joined(wish.base), joined(wish.base), {}};
  file.head = {joined(wish.head), joined(wish.head), {}};
  store::benchmark& b = file.benchmarks.emplace_back();
  b.name = "profiles";
  b.decision.emplace().reason = "profiles were compared, nothing was measured";
  store::set_paired(b, std::move(rounds));
  return report::to_html(file);
}

}  // namespace

exit_code perform(const diff_command& wish) {
  const bool to_terminal = wish.output.empty() || wish.output == "-";
  const bool page = wish.output.ends_with(".html");
  if (!to_terminal) {
    if (!page && !wish.output.ends_with(".json"))
      return refuse(
          {error_kind::usage, "-o " + wish.output + ": the name tells no format; .html or .json does"});
    if (const auto writable = check_writable(std::filesystem::path(wish.output)); !writable)
      return refuse(writable.error());
  }
  std::vector<diff::profiled_round> rounds;
  for (std::size_t i = 0; i < wish.base.size(); ++i) {
    auto base = load(wish.base[i], wish);
    if (!base) return refuse(base.error());
    auto head = load(wish.head[i], wish);
    if (!head) return refuse(head.error());
    rounds.push_back({*std::move(base), *std::move(head)});
  }
  diff::profile_rounds gathered = diff::gather(rounds, {});
  if (to_terminal || !page) {
    const diff::explanation explained = diff::explain(gathered, {});
    if (to_terminal) {
      std::fputs(report::difference_text(explained, wish.per == 1 ? "process" : "unit (--per)").c_str(),
                 stdout);
      return exit_code::ok;
    }
    const store::named_explanation one{"profiles", explained};
    const auto written = support::write_file(wish.output, store::to_json({&one, 1}));
    return written ? exit_code::ok : refuse(written.error());
  }
  const auto written = support::write_file(wish.output, page_of(std::move(gathered), wish));
  return written ? exit_code::ok : refuse(written.error());
}

}  // namespace deft::cli
