// Speaks the worker protocol as DEFT_TEST_SAYS tells it: everything that a broken worker might do.

#include <cstdlib>
#include <string>
#include <string_view>

#include <sys/socket.h>
#include <unistd.h>

namespace {

int channel = -1;

void say(const std::string& text) {
  std::string_view rest = text;
  while (!rest.empty()) {
    const ssize_t sent = ::send(channel, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent <= 0) ::_exit(9);
    rest.remove_prefix(static_cast<std::size_t>(sent));
  }
}

/// The next line that deft sends; ends the program if there is none.
std::string hear() {
  std::string line;
  for (char c = 0; ::recv(channel, &c, 1, 0) == 1;) {
    if (c == '\n') return line;
    line += c;
  }
  ::_exit(0);
}

[[noreturn]] void answer_for_ever(std::string_view how) {
  for (;;) {
    const std::string line = hear();
    if (line == "quit") ::_exit(0);
    if (line == "list") {
      if (how == "list of nonsense") say("benchmarks: two\n");
      if (how == "endless name") say("benchmark " + std::string(200'000, 'x') + "\n");
      if (how == "wrong count") say("benchmark good\nend 2\n");
      say("benchmark good\nend 1\n");
    } else if (how == "batch of nothing") {
      say("batch 0 1 1 0 0\n");
    } else if (how == "negative batch") {
      say("batch 1 -1 1 0 0\n");
    } else if (how == "half a batch") {
      say("batch 1 10");
      ::_exit(0);
    } else if (how == "another answer") {
      say("end 1\n");
    } else if (how == "silence") {
      for (;;) ::pause();
    } else if (how == "no time") {
      say("batch 1 0 0 0 0\n");
    } else if (how == "abort") {
      std::abort();
    } else {
      say("batch 1 1000 1000 0 0\n");
    }
  }
}

}  // namespace

int main() {
  const char* descriptor = std::getenv("DEFT_WORKER");
  const char* wish = std::getenv("DEFT_TEST_SAYS");
  if (descriptor == nullptr) return 3;
  channel = std::atoi(descriptor);
  const std::string_view how = wish != nullptr ? wish : "";
  if (how == "no greeting") {
    for (;;) ::pause();
  }
  if (how == "newer version") {
    say("deft-worker 2 deft\n");
  } else if (how == "garbage") {
    say("\x01\xff hello\n");
  } else {
    say("deft-worker 1 deft\n");
  }
  answer_for_ever(how);
}
