#include "deft/view/mapped_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <system_error>
#include <utility>

#include "view/truncation_guard.hpp"

#if __has_include(<sys/mman.h>)
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#define DEFT_HAS_MMAP 1
#else
#define DEFT_HAS_MMAP 0
#endif

namespace deft {

namespace {

/// With \0 for each NUL, which would end the message.
std::string shown(const std::string& path) {
  std::string text;
  for (const char c : path) c == '\0' ? text += "\\0" : text += c;
  return text;
}

}  // namespace

file_error::file_error(file_problem problem, std::string path, const std::string& message)
    : std::runtime_error("deft: " + shown(path) + ": " + message),
      problem_(problem),
      path_(std::move(path)) {}

file_error::~file_error() = default;

namespace detail {

namespace {

[[noreturn]] void fail(file_problem problem, const std::string& path, const std::string& message) {
#if defined(__cpp_exceptions)
  throw file_error(problem, path, message);
#else
  static_cast<void>(problem);
  std::fprintf(stderr, "deft: %s: %s (exceptions are disabled in this build)\n", path.c_str(),
               message.c_str());
  std::abort();
#endif
}

std::string in_words(int error) {
  return std::generic_category().message(error);
}

std::string bytes_in_words(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " byte" : " bytes");
}

/// The part of a file of `size` bytes that the options ask for.
std::size_t part_length(const std::string& path, const map_options& options, std::size_t size) {
  const bool to_the_end = options.length == std::numeric_limits<std::size_t>::max();
  if (options.offset > size || (!to_the_end && options.length > size - options.offset)) {
    const std::string wanted = to_the_end ? "" : " " + bytes_in_words(options.length);
    fail(file_problem::out_of_range, path,
         "expected" + wanted + " from byte " + std::to_string(options.offset) + " on, the file has " +
             bytes_in_words(size));
  }
  const std::size_t length = to_the_end ? size - options.offset : options.length;
  if (length == 0 && !options.allow_empty) {
    fail(file_problem::empty, path,
         size == 0 ? "is empty"
                   : "nothing lies at byte " + std::to_string(options.offset) + ", where the file ends");
  }
  return length;
}

#if DEFT_HAS_MMAP

/// Closes what nobody else has taken over.
struct open_file {
  int descriptor;

  explicit open_file(int opened) : descriptor(opened) {}

  open_file(const open_file&) = delete;
  open_file& operator=(const open_file&) = delete;

  ~open_file() {
    if (descriptor >= 0) close(descriptor);
  }
};

struct unmap_if_thrown {
  void* memory;
  std::size_t size;

  ~unmap_if_thrown() {
    if (memory != nullptr) munmap(memory, size);
  }
};

[[noreturn]] void fail_to_open(const std::string& path, int error) {
  if (error == ENOENT || error == ENOTDIR) fail(file_problem::missing, path, "there is no such file");
  fail(file_problem::unreadable, path, "cannot be opened for reading: " + in_words(error));
}

#else

struct close_stream {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};

#endif

}  // namespace

#if DEFT_HAS_MMAP

mapped_bytes map_bytes(const std::string& path, const map_options& options) {
  if (path.find('\0') != std::string::npos) fail(file_problem::missing, path, "a file's name has no NUL");
  // Non-blocking: opening a pipe would wait for who writes it.
  open_file file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.descriptor < 0) fail_to_open(path, errno);
  struct stat status{};
  if (fstat(file.descriptor, &status) != 0) {
    fail(file_problem::unreadable, path, "cannot be examined: " + in_words(errno));
  }
  if (S_ISDIR(status.st_mode)) fail(file_problem::not_a_file, path, "is a folder, not a file");
  if (!S_ISREG(status.st_mode)) fail(file_problem::not_a_file, path, "is a pipe or a device, not a file");
  const std::size_t length = part_length(path, options, static_cast<std::size_t>(status.st_size));
  if (length == 0) return {};

  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  const std::size_t before = options.offset % page;
  const std::size_t first = options.offset - before;
  void* const memory =
      mmap(nullptr, before + length, PROT_READ, MAP_SHARED, file.descriptor, static_cast<off_t>(first));
  if (memory == MAP_FAILED) fail(file_problem::unreadable, path, "cannot be mapped: " + in_words(errno));
  const std::span<const std::byte> bytes(static_cast<const std::byte*>(memory), before + length);

  struct unmap {
    void operator()(const std::byte* data, std::size_t size) const noexcept {
      if (guard != nullptr) forget_mapping(guard);
      munmap(const_cast<std::byte*>(data), size);
      close(descriptor);
    }

    guarded_mapping* guard;
    int descriptor;
  };

  unmap_if_thrown pending{memory, before + length};
  guarded_mapping* const guard = guard_mapping(memory, before + length, first, file.descriptor,
                                               options.offset + length, path, options.guard_truncation);
  pending.memory = nullptr;
  shared_buffer whole = shared_buffer::adopt(bytes, unmap{guard, std::exchange(file.descriptor, -1)});
  return {whole.slice(before, length), guard};
}

#else

mapped_bytes map_bytes(const std::string& path, const map_options& options) {
  // No mappings here: a copy.
  const std::unique_ptr<std::FILE, close_stream> file(std::fopen(path.c_str(), "rb"));
  if (file == nullptr) {
    if (errno == ENOENT) fail(file_problem::missing, path, "there is no such file");
    fail(file_problem::unreadable, path, "cannot be opened for reading: " + in_words(errno));
  }
  std::fseek(file.get(), 0, SEEK_END);
  const long size = std::ftell(file.get());
  if (size < 0) fail(file_problem::not_a_file, path, "is not a file");
  const std::size_t length = part_length(path, options, static_cast<std::size_t>(size));
  shared_buffer copy = shared_buffer::allocate(length);
  std::fseek(file.get(), static_cast<long>(options.offset), SEEK_SET);
  if (std::fread(copy.writable_bytes().data(), 1, length, file.get()) != length) {
    fail(file_problem::truncated, path, "became shorter while it was read");
  }
  return {std::move(copy), nullptr};
}

#endif

void throw_unsuitable(const std::string& path, std::size_t bytes, std::size_t each) {
  if (bytes % each != 0) {
    fail(file_problem::unsuitable, path,
         "expected whole elements of " + bytes_in_words(each) + ", there are " + bytes_in_words(bytes));
  }
  fail(file_problem::unsuitable, path,
       "the part does not begin where elements of " + bytes_in_words(each) +
           " are aligned (le<T>, be<T> and unaligned<T> need no alignment)");
}

}  // namespace detail

mapped_file::mapped_file(std::string path, const map_options& options) : path_(std::move(path)) {
  detail::mapped_bytes mapped = detail::map_bytes(path_, options);
  buffer_ = std::move(mapped.buffer);
  guard_ = mapped.guard;
}

bool mapped_file::whole() const noexcept {
#if DEFT_HAS_MMAP
  if (guard_ == nullptr || buffer_.empty()) return true;  // nothing mapped, or moved from
  struct stat status{};
  if (fstat(guard_->file, &status) != 0) return false;
  return static_cast<std::size_t>(status.st_size) >= guard_->file_size_needed &&
         !guard_->lost.load(std::memory_order_acquire);
#else
  return true;
#endif
}

void mapped_file::check() const {
#if DEFT_HAS_MMAP
  if (whole()) return;
  struct stat status{};
  const bool known = fstat(guard_->file, &status) == 0;
  detail::fail(
      file_problem::truncated, path_,
      "truncated while mapped: expected at least " + detail::bytes_in_words(guard_->file_size_needed) +
          (known
               ? ", the file has " + detail::bytes_in_words(static_cast<std::size_t>(status.st_size)) + " now"
               : std::string()));
#endif
}

mapped_file::visiting::visiting(detail::guarded_mapping* guard) noexcept : mark_{guard} {
  if (guard != nullptr) detail::begin_visit(mark_);
}

mapped_file::visiting::~visiting() {
  if (mark_.guard != nullptr) detail::end_visit(mark_);
}

}  // namespace deft
