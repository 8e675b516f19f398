#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace deft::measure::wire {

/// One end of a stream of lines. Owns the descriptor.
class line_socket {
 public:
  using deadline = std::chrono::steady_clock::time_point;

  /// Why there is no further line.
  enum class trouble {
    none,
    closed,    ///< The other end is gone.
    cut_off,   ///< It went in the middle of a line.
    too_long,  ///< A line of more than `longest_line` bytes.
    too_late,  ///< Nothing came in time.
    woken,     ///< The other descriptor of receive() became readable.
  };

  explicit line_socket(int descriptor) noexcept : descriptor_(descriptor) {}

  line_socket(line_socket&& other) noexcept;
  line_socket& operator=(line_socket&& other) noexcept;
  ~line_socket();

  /// The next line without its newline; empty where there is none, and problem() says why. Returns early
  /// when `also_watch`, if that is a descriptor, becomes readable.
  std::optional<std::string> receive(deadline until, int also_watch = -1);

  /// Sends a line. False where the other end is gone or takes nothing in time.
  bool send(std::string_view line, deadline until);

  trouble problem() const noexcept { return problem_; }

  int descriptor() const noexcept { return descriptor_; }

 private:
  int descriptor_;
  std::string received_;
  trouble problem_ = trouble::none;
};

}  // namespace deft::measure::wire
