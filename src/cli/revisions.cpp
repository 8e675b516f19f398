#include "cli/revisions.hpp"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <vector>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/build_command.hpp"
#include "support/files.hpp"
#include "support/process.hpp"

namespace deft::cli {
namespace {

namespace fs = std::filesystem;
using support::error;
using support::error_kind;

constexpr std::chrono::seconds git_patience{60};

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

/// The work trees made so far.
struct made_trees {
  fs::path repository;
  std::vector<fs::path> trees;

  /// Not support::run, which would not start anything after an interrupt: this is what has to happen then.
  void remove() {
    for (const fs::path& tree : trees) {
      std::string repository_text = repository.string();
      std::string tree_text = tree.string();
      std::vector<std::string> words{"git",    "-C",      repository_text, "worktree",
                                     "remove", "--force", "--force",       tree_text};
      std::vector<char*> pointers;
      pointers.reserve(words.size() + 1);
      for (std::string& word : words) pointers.push_back(word.data());
      pointers.push_back(nullptr);
      posix_spawn_file_actions_t silence;
      ::posix_spawn_file_actions_init(&silence);
      ::posix_spawn_file_actions_addopen(&silence, STDOUT_FILENO, "/dev/null", 1 /* O_WRONLY */, 0);
      ::posix_spawn_file_actions_addopen(&silence, STDERR_FILENO, "/dev/null", 1 /* O_WRONLY */, 0);
      pid_t pid = 0;
      if (::posix_spawnp(&pid, "git", &silence, nullptr, pointers.data(), environ) == 0) {
        while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
        }
      }
      ::posix_spawn_file_actions_destroy(&silence);
    }
    trees.clear();
  }
};

}  // namespace

struct built_revisions::trees {
  explicit trees(support::temporary_folder temporary) : folder(std::move(temporary)) {}

  trees(const trees&) = delete;
  trees& operator=(const trees&) = delete;

  ~trees() { made.remove(); }

  support::temporary_folder folder;
  made_trees made;

  /// What git prints, or an error with its last words.
  support::result<std::string> git(std::vector<std::string> words, const std::string& purpose) {
    support::spawn_options options;
    options.argv = {"git"};
    options.argv.insert(options.argv.end(), words.begin(), words.end());
    options.stdout_path = (folder.path() / "git.out").string();
    options.stderr_path = (folder.path() / "git.err").string();
    const auto status = support::run(options, git_patience);
    if (!status) return error{error_kind::usage, "--rev needs git: " + status.error().message};
    if (status->interrupted) return error{error_kind::interrupted, "stopped by the user"};
    const auto complaint = support::read_file(options.stderr_path);
    if (!status->ok())
      return error{error_kind::usage,
                   purpose + ": " + (complaint ? last_lines(*complaint, 1) : status->describe())};
    auto output = support::read_file(options.stdout_path);
    if (!output) return output.error();
    return trimmed(*std::move(output));
  }

  support::result<built_version> describe(const std::string& revision) {
    auto hash = git({"rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}"}, "");
    if (!hash && hash.error().kind == error_kind::interrupted) return hash.error();
    if (!hash) return error{error_kind::usage, "--rev: '" + revision + "' is no commit of this repository"};
    auto label = git({"show", "--no-patch", "--format=%h (%cs)", *hash}, "--rev " + revision);
    if (!label) return label.error();
    return built_version{{}, *std::move(label), *std::move(hash)};
  }

  /// A work tree of its own for the commit, in the temporary folder.
  support::result<fs::path> check_out(const built_version& version, const std::string& name) {
    const fs::path tree = folder.path() / name;
    made.trees.push_back(tree);  // Before it exists: an interrupt may come in the middle.
    auto outcome = git({"-C", made.repository.string(), "worktree", "add", "--quiet", "--detach",
                        tree.string(), version.revision},
                       "cannot check out " + version.label);
    if (!outcome) return outcome.error();
    return tree;
  }

  support::result<void> build(const fs::path& tree, const std::string& line, const std::string& name,
                              const std::string& label) {
    return run_build(line, tree, {}, folder.path() / (name + ".log"), label);
  }
};

built_revisions::built_revisions(std::unique_ptr<trees> owned) : trees_(std::move(owned)) {}

built_revisions::built_revisions(built_revisions&&) noexcept = default;
built_revisions::~built_revisions() = default;

support::result<built_revisions> built_revisions::make(const std::string& revisions,
                                                       const std::string& build_command, progress& watch) {
  auto folder = support::temporary_folder::make("revisions");
  if (!folder) return folder.error();
  built_revisions built(std::make_unique<trees>(*std::move(folder)));
  trees& t = *built.trees_;

  auto top = t.git({"rev-parse", "--show-toplevel"}, "--rev needs a git repository");
  if (!top) return top.error();
  t.made.repository = *top;

  const std::size_t dots = revisions.find("..");
  const bool two = dots != std::string::npos;
  const std::string second = two ? revisions.substr(dots + 2) : "HEAD";
  if (second.starts_with('.') || (two && (dots == 0 || second.empty())))
    return error{error_kind::usage, "--rev: needs REV or REV..REV2, not '" + revisions + "'"};
  auto base = t.describe(revisions.substr(0, dots));
  if (!base) return base.error();
  auto head = t.describe(second);
  if (!head) return head.error();
  fs::path head_tree = t.made.repository;
  if (!two) {
    auto changes = t.git({"-C", *top, "status", "--porcelain"}, "git status");
    if (!changes) return changes.error();
    head->label = changes->empty() ? head->label + ", the work tree" : "work tree on " + head->label;
  }

  watch.begin("checking out and building " + base->label);
  auto base_tree = t.check_out(*base, "base");
  if (!base_tree) return base_tree.error();
  if (auto outcome = t.build(*base_tree, build_command, "base-build", base->label); !outcome)
    return outcome.error();

  watch.begin("building " + head->label);
  if (two) {
    auto tree = t.check_out(*head, "head");
    if (!tree) return tree.error();
    head_tree = *tree;
  }
  if (auto outcome = t.build(head_tree, build_command, "head-build", head->label); !outcome)
    return outcome.error();

  base->tree = *base_tree;
  head->tree = head_tree;
  built.base_ = *std::move(base);
  built.head_ = *std::move(head);
  return built;
}

}  // namespace deft::cli
