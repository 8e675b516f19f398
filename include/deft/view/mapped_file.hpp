/// @file
/// deft::mapped_file and deft::map_file: a file as memory, in one call.
#pragma once

#include <cstddef>
#include <limits>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/core/shared_buffer.hpp"
#include "deft/view/cast_view.hpp"
#include "deft/view/detail/errors.hpp"
#include "deft/view/shared_view.hpp"
#include "deft/view/view.hpp"

namespace deft {

/// What is wrong with a file.
enum class file_problem {
  missing,       ///< there is none of that name
  unreadable,    ///< the system refuses to open or map it
  not_a_file,    ///< a folder, a pipe, a device
  empty,         ///< it holds no bytes
  out_of_range,  ///< it ends before the part asked for
  unsuitable,    ///< its bytes are no whole number of elements, or not aligned
  truncated,     ///< it became shorter while it was mapped
};

/// A file that cannot be mapped, or became shorter. what() names the file, what was expected, and what was
/// found.
class file_error : public std::runtime_error {
 public:
  /// what() is "deft: PATH: MESSAGE".
  /// @throws      std::bad_alloc. @complexity O(1). @concurrency Safe.
  file_error(file_problem problem, std::string path, const std::string& message);
  ~file_error() override;

  file_error(const file_error&) = default;
  file_error& operator=(const file_error&) = default;

  /// What is wrong, with which file.
  /// @returns     What the name says.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED file_problem problem() const noexcept { return problem_; }

  [[nodiscard]] DEFT_TAGGED const std::string& path() const noexcept { return path_; }

  /// @}

 private:
  file_problem problem_;
  std::string path_;
};

/// How to map a file.
struct map_options {
  /// The part to map. By default all of it.
  std::size_t offset = 0;
  std::size_t length = std::numeric_limits<std::size_t>::max();
  /// An empty file is an error, unless this is set.
  bool allow_empty = false;
  /// Answer the signal SIGBUS, by which the system reports that a mapped file became shorter. Where it is set
  /// to false for every file, deft installs no handler.
  bool guard_truncation = true;
};

namespace detail {

struct guarded_mapping;

/// A visit that this thread is in, and those around it.
struct visit_mark {
  guarded_mapping* guard;
  visit_mark* outer = nullptr;
};

struct mapped_bytes {
  shared_buffer buffer;
  guarded_mapping* guard = nullptr;  // lives as long as the buffer
};

mapped_bytes map_bytes(const std::string& path, const map_options& options);
[[noreturn, gnu::cold]] void throw_unsuitable(const std::string& path, std::size_t bytes, std::size_t each);

}  // namespace detail

/// A file of which every byte is memory, read by the system when it is touched. Copies share the mapping; it
/// ends with the last of them and of the views made by as(), which share it, too.
///
/// Others may write the file or cut it off meanwhile. What they write may or may not be seen. If they cut it
/// off, reading behind its new end is answered so:
///
/// - within visit(f), in its thread: f reads zeros there, and when it is done visit throws file_error;
/// - anywhere else: the program writes which file became shorter, and where it was read, and aborts. (Without
///   a guard it would die of SIGBUS without a word.)
///
/// Some bytes behind the new end the system itself gives as zeros, without a fault: those up to the end of
/// its page. While a visit that has met the end is under way, other threads read its zeros as well. check()
/// tells: it throws if the file is shorter now than it was. The guard is a handler of SIGBUS that is
/// installed with the first mapping; faults elsewhere go to the handler that was there before.
///
/// Memory: the file's pages, which the system may drop at any time. Threads: as std::shared_ptr.
class mapped_file {
 public:
  /// Maps a file for reading.
  /// @throws      file_error, which says whether the file is missing, unreadable, empty, ...; std::bad_alloc.
  /// @complexity  O(1). @concurrency Safe.
  explicit mapped_file(std::string path, const map_options& options = {});

  /// The bytes; not of a temporary.
  /// @returns     The view: valid while *this, a copy or a view made by as() lives.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED view<const std::byte> bytes() const& noexcept DEFT_LIFETIMEBOUND {
    return buffer_.bytes();
  }

  auto bytes() const&& -> detail::a_part_of_a_temporary_shared_view_would_dangle_keep_it_in_a_variable =
      delete;

  /// The bytes as elements, which keep the mapping alive.
  /// @returns     The view.
  /// @throws      file_error if they are no whole number of elements or not aligned.
  /// @complexity  O(1). @concurrency Concurrent reads.
  template <typename T>
  [[nodiscard]] DEFT_TAGGED shared_view<T> as() const {
    static_assert(any_bytes_valid<T>,
                  "deft::mapped_file: not every pattern of bytes is a value of T (specialise "
                  "deft::any_bytes_valid if it is)");
    if (!can_cast_view<const T>(bytes())) detail::throw_unsuitable(path_, buffer_.size(), sizeof(T));
    return shared_view<T>(buffer_);
  }

  /// Calls `f(bytes())` such that a file cut off meanwhile is an error and no crash: behind its end `f` reads
  /// zeros, and its result is thrown away.
  /// @returns     What `f` returns.
  /// @throws      file_error if the file became shorter than what is mapped; what `f` throws.
  /// @complexity  That of `f`. @concurrency Concurrent reads.
  template <typename Function>
  DEFT_TAGGED auto visit(Function f) const {
    using result = std::invoke_result_t<Function&, view<const std::byte>>;
    const visiting during(buffer_.empty() ? nullptr : guard_);
    if constexpr (std::is_void_v<result>) {
      f(bytes());
      check();
    } else {
      auto found = f(bytes());
      check();
      return found;
    }
  }

  /// Whether the file is still at least as long as what is mapped, and nothing was read behind its end.
  /// @returns     True if it is.
  /// @complexity  One system call. @concurrency Concurrent reads.
  [[nodiscard]] bool whole() const noexcept;

  /// Throws if the file became shorter than what is mapped.
  /// @throws      file_error.
  /// @complexity  One system call. @concurrency Concurrent reads.
  void check() const;

  /// Number of bytes, name, and the mapping as a buffer.
  /// @returns     What the name says.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED std::size_t size() const noexcept { return buffer_.size(); }

  [[nodiscard]] DEFT_TAGGED bool empty() const noexcept { return buffer_.empty(); }

  [[nodiscard]] DEFT_TAGGED const std::string& path() const noexcept { return path_; }

  [[nodiscard]] DEFT_TAGGED const shared_buffer& buffer() const noexcept { return buffer_; }

  /// @}

 private:
  class visiting {
   public:
    explicit visiting(detail::guarded_mapping* guard) noexcept;
    visiting(const visiting&) = delete;
    visiting& operator=(const visiting&) = delete;
    ~visiting();

   private:
    detail::visit_mark mark_;
  };

  std::string path_;
  shared_buffer buffer_;
  detail::guarded_mapping* guard_ = nullptr;
};

inline namespace DEFT_TAG {

/// Opens a file and shows its bytes as elements: `auto prices = deft::map_file<double>("prices.bin")`. For
/// files that others cut off meanwhile see mapped_file::visit.
/// @returns     The elements, which keep the mapping alive.
/// @throws      file_error, which says whether the file is missing, unreadable, empty, no whole number of
///              elements, ...; std::bad_alloc.
/// @complexity  O(1). @concurrency Safe.
template <typename T = std::byte>
[[nodiscard]] shared_view<T> map_file(std::string path, const map_options& options = {}) {
  return mapped_file(std::move(path), options).template as<T>();
}

}  // namespace DEFT_TAG

}  // namespace deft
