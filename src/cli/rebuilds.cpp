#include "cli/rebuilds.hpp"

#include <filesystem>
#include <system_error>

#include "cli/build_command.hpp"
#include "layout/stand_in.hpp"
#include "measure/random_source.hpp"
#include "support/files.hpp"

namespace deft::cli {
namespace {

namespace fs = std::filesystem;
using support::error;
using support::error_kind;

error cannot_move(const fs::path& from, const std::error_code& why) {
  return {error_kind::unwritable_output, "cannot rename " + from.string() + ": " + why.message()};
}

}  // namespace

struct rebuilds::files {
  explicit files(support::temporary_folder temporary) : folder(std::move(temporary)) {}

  files(const files&) = delete;
  files& operator=(const files&) = delete;

  ~files() {
    std::error_code ignored;
    for (std::size_t i = 1; i < programs.size(); ++i) fs::remove(programs[i], ignored);
    if (!programs.empty()) fs::rename(programs.front(), program, ignored);
  }

  /// Out of the way of the next build. In its folder, where it finds its libraries.
  support::result<void> set_aside(const std::string& suffix) {
    const fs::path to = program.string() + suffix;
    std::error_code failure;
    fs::rename(program, to, failure);
    if (failure) return cannot_move(program, failure);
    programs.push_back(to.string());
    return {};
  }

  support::result<void> expect_program(const std::string& build) const {
    std::error_code ignored;
    if (fs::is_regular_file(program, ignored)) return {};
    return error{error_kind::unreadable_input,
                 "--bench " + program.string() + ": is no file after the build: " + build};
  }

  support::result<void> make_variant(const std::string& build, std::size_t number,
                                     measure::random_source& random) {
    const fs::path stand_ins = folder.path() / ("linkers-" + std::to_string(number));
    std::error_code failure;
    fs::create_directories(stand_ins, failure);
    const fs::path self = fs::read_symlink("/proc/self/exe", failure);
    if (failure) return error{error_kind::unavailable, "/proc/self/exe: " + failure.message()};
    const std::uint64_t seed = random.below(std::uint64_t{1} << 62);
    if (auto written = layout::write_stand_ins(stand_ins, self, seed); !written) return written;
    const std::string label = "rebuild " + std::to_string(number);
    auto built = run_build(build, fs::current_path(), layout::stand_in_environment(stand_ins),
                           folder.path() / "build.log", label);
    if (!built) return built;
    if (auto there = expect_program(build); !there) return there;
    if (layout::linked(stand_ins).empty()) {
      return error{error_kind::unavailable,
                   label +
                       ": the build did not link by COMPILER_PATH or PATH, so its layout cannot be changed; "
                       "build variants yourself and give them with --variant"};
    }
    // The longer name is a longer path: it lies on the stack of every process.
    const std::string suffix = ".layout-" + std::to_string(number) + "-" + std::string(random.below(64), 'x');
    if (auto moved = set_aside(suffix); !moved) return moved;
    const auto before = support::read_file(programs.front());
    const auto after = support::read_file(programs.back());
    if (!before) return before.error();
    if (!after) return after.error();
    if (*before == *after)
      return error{error_kind::unavailable, label + ": has the same bytes as the build before it"};
    return {};
  }

  support::temporary_folder folder;
  fs::path program;
  std::vector<std::string> programs;  // Those that were set aside.
};

rebuilds::rebuilds(std::unique_ptr<files> owned) : files_(std::move(owned)) {}

rebuilds::rebuilds(rebuilds&&) noexcept = default;
rebuilds::~rebuilds() = default;

const std::vector<std::string>& rebuilds::programs() const noexcept {
  return files_->programs;
}

support::result<rebuilds> rebuilds::make(const std::string& build, const std::string& path,
                                         std::uint32_t variants, std::uint64_t seed, progress& watch) {
  auto folder = support::temporary_folder::make("layout");
  if (!folder) return folder.error();
  rebuilds made(std::make_unique<files>(*std::move(folder)));
  files& f = *made.files_;
  watch.begin("building " + path);
  if (auto built = run_build(build, fs::current_path(), {}, f.folder.path() / "build.log", path); !built)
    return built.error();
  f.program = support::behind_links(fs::absolute(path));
  if (auto there = f.expect_program(build); !there) return there.error();
  if (auto moved = f.set_aside(".layout-0"); !moved) return moved.error();

  measure::random_source random(seed);
  watch.begin("rebuilding " + path);
  for (std::size_t number = 1; number <= variants; ++number) {
    watch.update(path, number - 1, variants);
    if (auto variant = f.make_variant(build, number, random); !variant) return variant.error();
  }
  watch.clear();
  return made;
}

}  // namespace deft::cli
