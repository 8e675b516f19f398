#include "symbols/module_table.hpp"

#include <string_view>
#include <utility>

namespace deft::symbols {
namespace {

constexpr std::string_view deleted_mark = " (deleted)";  // the kernel's

// "//anon", "[heap]" and the like are no files; the vdso is one that every process has.
bool is_file(const std::string& path) {
  return path == "[vdso]" || (path.starts_with('/') && !path.starts_with("//"));
}

}  // namespace

module_entry& module_table::entry(const std::string& path, const std::string& build_id) {
  const auto [kept, added] =
      by_path_.try_emplace(path + '\0' + build_id, static_cast<std::uint32_t>(entries_.size()));
  if (!added) {
    module_entry& known = entries_[kept->second];
    // A library that was rebuilt and loaded again has the old one's path.
    if (known.module == nullptr || known.module->file().is_still_there()) return known;
    kept->second = static_cast<std::uint32_t>(entries_.size());
  }
  module_entry& fresh = entries_.emplace_back();
  fresh.path = path;
  fresh.build_id = build_id;
  fresh.name = base_name(path);
  fresh.number = kept->second;
  return fresh;
}

loaded_module* module_table::open(module_entry& entry) {
  if (entry.opened) return entry.module.get();
  entry.opened = true;
  if (!is_file(entry.path)) return nullptr;
  std::unique_ptr<module_file> file = module_file::open(entry.path, debug_path_);
  // Another file may have the deleted one's name by now: only an equal build id shows that it is the same.
  if (file == nullptr && entry.path.ends_with(deleted_mark) && !entry.build_id.empty()) {
    const std::string before = entry.path.substr(0, entry.path.size() - deleted_mark.size());
    file = module_file::open(before, debug_path_);
    if (file != nullptr && file->build_id() != entry.build_id) file = nullptr;
    if (file != nullptr) entry.name = base_name(before);
  }
  if (file == nullptr) return nullptr;
  if (!entry.build_id.empty() && file->build_id() != entry.build_id) {
    entry.name += " (changed)";
    return nullptr;
  }
  entry.module = std::make_unique<loaded_module>(std::move(file));
  return entry.module.get();
}

}  // namespace deft::symbols
