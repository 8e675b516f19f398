#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "support/result.hpp"

namespace deft::support {

/// Reads a whole file. The error names the path and the system's reason.
result<std::string> read_file(const std::filesystem::path& path);

/// The file that `path` stands for where it is a symbolic link to one, else `path`.
std::filesystem::path behind_links(const std::filesystem::path& path);

/// Writes `bytes` to a temporary file beside `path` and renames it over `path`, so that a full disk or a kill
/// leaves the old file as it was. Links stay, devices and pipes are written to. Creates missing parent
/// folders. The error names the path and the reason.
result<void> write_file(const std::filesystem::path& path, std::string_view bytes);

/// Writes `bytes` behind what the file holds, or makes it; where that fails the file is cut back to what it
/// was. For files that others hold open or collect under their name, which a rename would take from them.
result<void> append_file(const std::filesystem::path& path, std::string_view bytes);

/// A folder of its own under the system's temporary folder, removed with everything in it by the destructor.
class temporary_folder {
 public:
  static result<temporary_folder> make(std::string_view purpose);

  temporary_folder(temporary_folder&& other) noexcept;
  temporary_folder& operator=(temporary_folder&& other) noexcept;
  ~temporary_folder();

  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  explicit temporary_folder(std::filesystem::path path) : path_(std::move(path)) {}

  std::filesystem::path path_;
};

}  // namespace deft::support
