#include "measure/worker/line_socket.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "measure/worker/messages.hpp"

namespace deft::measure::wire {
namespace {

using clock = std::chrono::steady_clock;

/// Waits for one of two descriptors; false when the time is up.
bool wait_for(pollfd* watched, nfds_t count, line_socket::deadline until) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - clock::now()).count();
    if (left <= 0) return false;
    const int ready = ::poll(watched, count, static_cast<int>(std::min<long long>(left, 60'000)));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

}  // namespace

line_socket::line_socket(line_socket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      received_(std::move(other.received_)),
      problem_(other.problem_) {}

line_socket& line_socket::operator=(line_socket&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(received_, other.received_);
  std::swap(problem_, other.problem_);
  return *this;
}

line_socket::~line_socket() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::optional<std::string> line_socket::receive(deadline until, int also_watch) {
  std::size_t looked_at = 0;
  for (;;) {
    const std::size_t end = received_.find('\n', looked_at);
    if (std::min(end, received_.size()) > longest_line) {
      problem_ = trouble::too_long;
      return std::nullopt;
    }
    if (end != std::string::npos) {
      std::string line = received_.substr(0, end);
      received_.erase(0, end + 1);
      return line;
    }
    looked_at = received_.size();
    pollfd watched[2] = {{descriptor_, POLLIN, 0}, {also_watch, POLLIN, 0}};
    if (!wait_for(watched, 2, until)) {
      problem_ = trouble::too_late;
      return std::nullopt;
    }
    if (watched[1].revents != 0) {
      problem_ = trouble::woken;
      return std::nullopt;
    }
    char buffer[4096];
    const ssize_t got = ::recv(descriptor_, buffer, sizeof buffer, MSG_DONTWAIT);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got <= 0) {
      problem_ = received_.empty() ? trouble::closed : trouble::cut_off;
      return std::nullopt;
    }
    received_.append(buffer, static_cast<std::size_t>(got));
  }
}

bool line_socket::send(std::string_view line, deadline until) {
  std::string text(line);
  text += '\n';
  std::string_view rest = text;
  while (!rest.empty()) {
    const ssize_t sent = ::send(descriptor_, rest.data(), rest.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent > 0) {
      rest.remove_prefix(static_cast<std::size_t>(sent));
      continue;
    }
    if (errno == EINTR) continue;
    pollfd watched{descriptor_, POLLOUT, 0};
    if (errno != EAGAIN) {
      problem_ = trouble::closed;
      return false;
    }
    if (!wait_for(&watched, 1, until)) {
      problem_ = trouble::too_late;
      return false;
    }
  }
  return true;
}

}  // namespace deft::measure::wire
