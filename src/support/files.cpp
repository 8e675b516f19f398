#include "support/files.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace deft::support {
namespace {

std::string reason(int error_number) {
  return std::generic_category().message(error_number);
}

error read_error(const std::filesystem::path& path, int error_number) {
  return {error_kind::unreadable_input, "cannot read " + path.string() + ": " + reason(error_number)};
}

error write_error(const std::filesystem::path& path, int error_number) {
  return {error_kind::unwritable_output, "cannot write " + path.string() + ": " + reason(error_number)};
}

/// 0 or errno. Writes all of `bytes` and forces them to the device, where a full disk may show only at the
/// end.
int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return errno;
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  // EINVAL, EROFS: a device or pipe that cannot be synchronised has nothing left to write.
  if (::fsync(descriptor) != 0 && errno != EINVAL && errno != EROFS) return errno;
  return 0;
}

/// /dev/full, /dev/stdout (also where that leads to a file), a named pipe: written directly, for a rename
/// would replace the device by a file.
bool is_special_file(const std::filesystem::path& path) {
  if (path.string().starts_with("/dev/")) return true;
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode);
}

}  // namespace

result<std::string> read_file(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return read_error(path, errno);
  std::string bytes;
  char block[1 << 16];
  for (;;) {
    const ssize_t got = ::read(descriptor, block, sizeof block);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      const int error_number = errno;
      ::close(descriptor);
      return read_error(path, error_number);
    }
    if (got == 0) break;
    bytes.append(block, static_cast<std::size_t>(got));
  }
  ::close(descriptor);
  return bytes;
}

std::filesystem::path behind_links(const std::filesystem::path& path) {
  std::error_code failure;
  if (!std::filesystem::is_symlink(path, failure)) return path;
  auto real = std::filesystem::canonical(path, failure);
  return failure ? path : real;
}

result<void> write_file(const std::filesystem::path& name, std::string_view bytes) {
  const bool direct = is_special_file(name);
  const std::filesystem::path path = direct ? name : behind_links(name);
  if (path.has_parent_path()) {
    std::error_code failure;
    std::filesystem::create_directories(path.parent_path(), failure);
    if (failure) {
      return error{error_kind::unwritable_output,
                   "cannot create folder " + path.parent_path().string() + ": " + failure.message()};
    }
  }
  const std::filesystem::path target =
      direct ? path : std::filesystem::path(path.string() + ".partial-" + std::to_string(::getpid()));
  const int flags = direct ? O_WRONLY | O_APPEND | O_CLOEXEC : O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;
  const int descriptor = ::open(target.c_str(), flags, 0666);
  if (descriptor < 0) return write_error(path, errno);
  int error_number = write_all(descriptor, bytes);
  if (::close(descriptor) != 0 && error_number == 0) error_number = errno;
  if (error_number == 0 && !direct && ::rename(target.c_str(), path.c_str()) != 0) error_number = errno;
  if (error_number != 0) {
    if (!direct) ::unlink(target.c_str());
    return write_error(path, error_number);
  }
  return {};
}

result<void> append_file(const std::filesystem::path& path, std::string_view bytes) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (descriptor < 0) return write_error(path, errno);
  struct stat before{};
  int error_number = ::fstat(descriptor, &before) == 0 ? 0 : errno;
  if (error_number == 0) {
    error_number = write_all(descriptor, bytes);
    // A device cannot be cut back, and has nothing to keep.
    if (error_number != 0 && S_ISREG(before.st_mode) && ::ftruncate(descriptor, before.st_size) != 0)
      error_number = errno;
  }
  if (::close(descriptor) != 0 && error_number == 0) error_number = errno;
  if (error_number != 0) return write_error(path, error_number);
  return {};
}

result<temporary_folder> temporary_folder::make(std::string_view purpose) {
  std::error_code failure;
  auto parent = std::filesystem::temp_directory_path(failure);
  if (failure) parent = "/tmp";
  std::string name = (parent / ("deft-" + std::string(purpose) + "-XXXXXX")).string();
  if (::mkdtemp(name.data()) == nullptr) {
    const int error_number = errno;
    return error{error_kind::unwritable_output,
                 "cannot create a temporary folder in " + parent.string() + ": " + reason(error_number)};
  }
  return temporary_folder(std::filesystem::path(name));
}

temporary_folder::temporary_folder(temporary_folder&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}

temporary_folder& temporary_folder::operator=(temporary_folder&& other) noexcept {
  path_.swap(other.path_);
  return *this;
}

temporary_folder::~temporary_folder() {
  if (path_.empty()) return;
  std::error_code ignored;  // A destructor has nobody to tell; the system cleans its temporary folder.
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace deft::support
