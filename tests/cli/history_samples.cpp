#include "tests/cli/history_samples.hpp"

#include <chrono>

#include "history/history_file.hpp"
#include "store/utc.hpp"

namespace deft::cli {
namespace {

store::result_file result_number(int number, double ns) {
  store::result_file file;
  file.kind = store::run_kind::single;
  file.created =
      store::to_utc(std::chrono::sys_days(std::chrono::year(2026) / 11 / 1) + std::chrono::minutes(number));
  store::benchmark b;
  b.name = "sort";
  b.base_ns = ns;
  file.benchmarks.push_back(std::move(b));
  return file;
}

}  // namespace

std::string history_program::write_result(int number, double ns) const {
  const std::string name = "result-" + std::to_string(number) + ".json";
  write(name, store::to_json(result_number(number, ns)));
  return in_folder(name).string();
}

void history_program::add_result(int number, double ns) const {
  const outcome o = deft({"history", "add", write_result(number, ns), "--runner", "box", "--commit",
                          "commit-" + std::to_string(number)});
  ASSERT_EQ(o.code, 0) << o.err;
}

void history_program::add_step() const {
  std::vector<history::entry> entries;
  for (int i = 0; i < 24; ++i) {
    const double noise = 0.1 * ((i * 7) % 5 - 2);
    entries.push_back(history::from_result(result_number(i, (i < 12 ? 100 : 110) + noise), "box",
                                           "commit-" + std::to_string(i)));
  }
  auto history = history::history_file::open_or_create(in_folder(".deft/history.sqlite"));
  ASSERT_TRUE(history);
  ASSERT_TRUE(history->add(entries));
}

}  // namespace deft::cli
