#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "measure/worker/line_socket.hpp"
#include "measure/worker/messages.hpp"

namespace deft::measure::wire {

/// The worker's end: requests in, replies out, by the protocol. After the first problem there are no more
/// requests, and problem() is the line for stderr; empty after a good-bye.
class channel {
 public:
  /// The channel that the environment names, greeting sent; children of this program inherit neither the
  /// variable nor the descriptor.
  static channel open(std::string_view suite);

  /// The next request but `list`, which is answered from `names`; empty: no more.
  std::optional<detail::batch_request> next(const std::vector<std::string>& names);

  void reply(const wire::reply& answer);

  const std::string& problem() const noexcept { return problem_; }

  /// What main returns.
  int result() const;

 private:
  explicit channel(int descriptor) : socket_(descriptor) {}

  void give_up(std::string why);

  line_socket socket_;
  std::string problem_;
  bool over_ = false;
};

}  // namespace deft::measure::wire
