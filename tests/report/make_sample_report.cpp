// make_sample_report FOLDER: writes the reports that the browser test opens.

#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

#include "report/report.hpp"
#include "store/paired_profiles.hpp"
#include "tests/report/paired_sample.hpp"
#include "tests/report/profile_sample.hpp"
#include "tests/report/sample.hpp"

namespace {

using namespace deft;  // NOLINT(google-build-using-namespace)

bool write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.close();
  if (!out) std::cerr << path << ": cannot be written\n";
  std::cout << path.string() << ": " << text.size() << " bytes\n";
  return static_cast<bool>(out);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: make_sample_report FOLDER\n";
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  std::filesystem::create_directories(folder);
  store::result_file empty = report::test::sample_comparison({.benchmarks = 0});
  empty.note.clear();
  const auto profile = [](const report::test::profile_size& size) {
    return report::to_html(report::test::sample_profile(size));
  };
  const auto with_past = [](const store::result_file& file) {
    return report::to_html(file, report::test::sample_past(file));
  };
  auto hundred = report::test::sample_comparison({.benchmarks = 100});
  auto comparison = report::test::sample_comparison();
  for (store::result_file* file : {&hundred, &comparison}) report::test::add_paired(*file);
  store::result_file profiles_only;
  profiles_only.base.label = "before.deft-profile";
  profiles_only.head.label = "after.deft-profile";
  profiles_only.benchmarks.resize(1);
  profiles_only.benchmarks[0].name = "profiles";
  store::set_paired(profiles_only.benchmarks[0], report::test::sample_rounds(5, {.rounds = 6}));
  store::profile_file refused;
  refused.command = "./indexer";
  refused.profile.unavailable = "perf_event_open was refused: perf_event_paranoid is 3 (Permission denied)";
  const bool ok =
      write(folder / "profile.html", profile({})) &&
      write(folder / "profile_large.html", report::to_html(report::test::large_profile())) &&
      write(folder / "profile_allocation.html", profile({.kind = symbols::profile_kind::allocation})) &&
      write(folder / "profile_plain.html", profile({.has_threads = false, .instructions = 0})) &&
      write(folder / "profile_none.html", report::to_html(refused)) &&
      write(folder / "profiles_only.html", report::to_html(profiles_only)) &&
      write(folder / "comparison.html", with_past(comparison)) &&
      write(folder / "hundred.html", with_past(hundred)) &&
      write(folder / "single.html", with_past(report::test::sample_single())) &&
      write(folder / "empty.html", report::to_html(empty)) &&
      write(folder / "alone.html", report::to_html(report::test::sample_single({.benchmarks = 3}))) &&
      write(folder / "comparison.md", report::to_markdown(comparison)) &&
      write(folder / "comparison.txt", report::to_text(comparison));
  return ok ? 0 : 1;
}
