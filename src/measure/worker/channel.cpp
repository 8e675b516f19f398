#include "measure/worker/channel.hpp"

#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/socket.h>

namespace deft::measure::wire {
namespace {

// deft asks every few milliseconds. One that is stopped in a debugger is waited for, one that forgot us is
// not.
constexpr std::chrono::minutes patience{10};

line_socket::deadline from_now() {
  return std::chrono::steady_clock::now() + patience;
}

const char* describe(line_socket::trouble what) {
  switch (what) {
    case line_socket::trouble::cut_off:
      return "deft's message is cut off";
    case line_socket::trouble::too_long:
      return "deft's message is too long";
    case line_socket::trouble::too_late:
      return "deft is silent";
    default:
      return "deft is gone";
  }
}

/// The socket of which the environment speaks; -1 where it speaks nonsense.
int inherited_socket() {
  const char* text = std::getenv(variable);
  int descriptor = -1;
  if (text != nullptr) {
    const char* end = text + std::strlen(text);
    const auto [stop, failure] = std::from_chars(text, end, descriptor);
    if (failure != std::errc{} || stop != end) descriptor = -1;
  }
  int kind = 0;
  socklen_t size = sizeof kind;
  if (descriptor < 0 || ::getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &kind, &size) != 0 ||
      kind != SOCK_STREAM)
    return -1;
  ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  return descriptor;
}

}  // namespace

channel channel::open(std::string_view suite) {
  channel c(inherited_socket());
  ::unsetenv(variable);
  if (c.socket_.descriptor() < 0) {
    c.give_up(std::string("the variable ") + variable + " names no socket; it is for deft to set");
  } else {
    c.reply(greeting{version, std::string(suite)});
  }
  return c;
}

void channel::give_up(std::string why) {
  over_ = true;
  if (problem_.empty()) problem_ = std::move(why);
}

void channel::reply(const wire::reply& answer) {
  if (over_) return;
  if (!socket_.send(line_of(answer), from_now())) give_up(describe(socket_.problem()));
}

std::optional<detail::batch_request> channel::next(const std::vector<std::string>& names) {
  while (!over_) {
    const auto line = socket_.receive(from_now());
    if (!line) {
      give_up(describe(socket_.problem()));
      break;
    }
    const auto wanted = parse_request(*line);
    if (!wanted) {
      give_up("does not understand deft: '" + line->substr(0, 100) + "'");
    } else if (std::holds_alternative<quit_request>(*wanted)) {
      over_ = true;
    } else if (const auto* run = std::get_if<detail::batch_request>(&*wanted)) {
      if (run->benchmark < names.size() && (run->iterations > 0 || run->nanoseconds > 0)) return *run;
      reply(refusal{"there is no benchmark " + std::to_string(run->benchmark) + ", or nothing is to be done",
                    false});
    } else {
      for (const std::string& name : names) reply(listed_name{name});
      reply(end_of_list{names.size()});
    }
  }
  return std::nullopt;
}

int channel::result() const {
  if (problem_.empty()) return 0;
  std::string line = "deft worker: " + problem_ + "\n";
  for (char& c : line) {
    if (c != '\n' && (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)) c = ' ';
  }
  std::fputs(line.c_str(), stderr);
  return 1;
}

}  // namespace deft::measure::wire
