#include "cli/progress.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include <sys/ioctl.h>
#include <unistd.h>

#include "report/escape.hpp"

namespace deft::cli {
namespace {

/// Between two lines where they are kept.
constexpr std::chrono::seconds pause_between_lines{10};

std::size_t terminal_width() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

/// At most `width` bytes, and no part of a character at the end.
std::string shortened(std::string text, std::size_t width) {
  if (text.size() <= width) return text;
  while (width > 0 && (static_cast<unsigned char>(text[width]) & 0xc0) == 0x80) --width;
  text.resize(width);
  return text;
}

std::string duration(double seconds) {
  char text[48];
  if (seconds < 90) {
    std::snprintf(text, sizeof text, "%.0f s", std::max(1.0, seconds));
  } else {
    std::snprintf(text, sizeof text, "%.0f min", seconds / 60);
  }
  return text;
}

}  // namespace

progress::progress(bool quiet) : quiet_(quiet) {
  const char* kind = std::getenv("TERM");
  terminal_ = ::isatty(STDERR_FILENO) == 1 && kind != nullptr && std::string_view(kind) != "dumb";
}

progress::~progress() {
  clear();
}

void progress::begin(std::string phase) {
  phase_ = std::move(phase);
  phase_begin_ = last_line_ = clock::now();
  if (!quiet_ && !terminal_) std::fprintf(stderr, "%s\n", phase_.c_str());
}

std::string progress::time_left(std::size_t done, std::size_t wanted) const {
  const std::chrono::duration<double> passed = clock::now() - phase_begin_;
  // Before that the estimate jumps about.
  if (done == 0 || passed.count() < 0.5) return {};
  const double rest = passed.count() / static_cast<double>(done) * static_cast<double>(wanted - done);
  return ", about " + duration(rest) + " left";
}

void progress::update(const std::string& what, std::size_t done, std::size_t wanted) {
  if (quiet_) return;
  const std::string counts = std::to_string(done) + "/" + std::to_string(wanted);
  if (terminal_) {
    const std::string line =
        phase_ + ": " + counts + time_left(done, wanted) + " \u00b7 " + report::plain(what);
    std::fprintf(stderr, "\r\033[K%s", shortened(line, terminal_width() - 1).c_str());
    line_open_ = true;
  } else if (clock::now() - last_line_ >= pause_between_lines) {
    last_line_ = clock::now();
    std::fprintf(stderr, "%s: %s%s\n", phase_.c_str(), counts.c_str(), time_left(done, wanted).c_str());
  }
}

void progress::clear() {
  if (!line_open_) return;
  std::fputs("\r\033[K", stderr);
  line_open_ = false;
}

void progress::say(const std::string& line) {
  if (quiet_) return;
  clear();
  std::fprintf(stderr, "%s\n", line.c_str());
}

}  // namespace deft::cli
