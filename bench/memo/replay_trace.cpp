#include "bench/memo/replay_trace.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

#include <lzma.h>

#include "deft/core/hash.hpp"

namespace deft_replay {
namespace {

struct content {
  std::string bytes;
  std::string error;
};

struct close_file {
  void operator()(std::FILE* file) const noexcept {
    if (file != stdin) std::fclose(file);
  }
};

content read_file(const std::string& path) {
  const std::unique_ptr<std::FILE, close_file> file(path == "-" ? stdin : std::fopen(path.c_str(), "rb"));
  if (file == nullptr) return {"", std::strerror(errno)};
  content all;
  std::array<char, 65536> part;
  while (const std::size_t size = std::fread(part.data(), 1, part.size(), file.get())) {
    all.bytes.append(part.data(), size);
  }
  if (std::ferror(file.get()) != 0) return {"", std::strerror(errno)};
  return all;
}

std::string lzma_error(lzma_ret result, std::size_t at) {
  const std::string where = " at byte " + std::to_string(at);
  switch (result) {
    case LZMA_BUF_ERROR:
      return "the xz data ends too early," + where;
    case LZMA_MEM_ERROR:
    case LZMA_MEMLIMIT_ERROR:
      return "unpacking the xz data needs too much memory";
    case LZMA_OPTIONS_ERROR:
      return "the xz data needs a newer liblzma";
    default:
      return "the xz data is damaged," + where;
  }
}

content unpack(std::string_view packed) {
  lzma_stream stream = LZMA_STREAM_INIT;
  constexpr std::uint64_t memory_limit = std::uint64_t{1} << 30;
  if (lzma_stream_decoder(&stream, memory_limit, LZMA_CONCATENATED) != LZMA_OK) {
    return {"", "liblzma does not start"};
  }
  const std::unique_ptr<lzma_stream, void (*)(lzma_stream*)> owner(&stream, lzma_end);
  stream.next_in = reinterpret_cast<const std::uint8_t*>(packed.data());
  stream.avail_in = packed.size();
  content all;
  std::array<std::uint8_t, 65536> part;
  lzma_ret result = LZMA_OK;
  while (result == LZMA_OK) {
    stream.next_out = part.data();
    stream.avail_out = part.size();
    result = lzma_code(&stream, LZMA_FINISH);
    all.bytes.append(reinterpret_cast<const char*>(part.data()), part.size() - stream.avail_out);
  }
  if (result != LZMA_STREAM_END) return {"", lzma_error(result, stream.total_in)};
  return all;
}

bool looks_like_text(std::string_view bytes) {
  return std::ranges::none_of(bytes.substr(0, 65536), [](char c) {
    const auto u = static_cast<unsigned char>(c);
    return (u < 0x20 && c != '\n' && c != '\r' && c != '\t') || u == 0x7f;
  });
}

trace keys_of_words(std::string_view bytes) {
  if (bytes.size() % 4 != 0) {
    return {{}, "it has " + std::to_string(bytes.size()) + " bytes, which is no number of 32-bit words"};
  }
  trace result;
  result.keys.reserve(bytes.size() / 4);
  for (; !bytes.empty(); bytes.remove_prefix(4)) {
    std::uint32_t word = 0;
    std::memcpy(&word, bytes.data(), sizeof word);
    result.keys.push_back(word);
  }
  return result;
}

trace keys_of_lines(std::string_view text) {
  trace result;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) result.keys.push_back(deft::hash_bytes(line.data(), line.size(), 0));
  }
  return result;
}

}  // namespace

trace read_trace(const std::string& path, trace_format format) {
  content file = read_file(path);
  constexpr std::string_view xz_magic(
      "\xfd"
      "7zXZ\0",
      6);
  if (file.error.empty() && file.bytes.starts_with(xz_magic)) file = unpack(file.bytes);
  trace result;
  if (!file.error.empty()) {
    result.error = std::move(file.error);
  } else {
    if (format == trace_format::guess) {
      format = looks_like_text(file.bytes) ? trace_format::text : trace_format::words;
    }
    result = format == trace_format::text ? keys_of_lines(file.bytes) : keys_of_words(file.bytes);
    if (result.error.empty() && result.keys.empty()) result.error = "there are no requests in it";
  }
  if (!result.error.empty()) result.error = (path == "-" ? "standard input" : path) + ": " + result.error;
  return result;
}

}  // namespace deft_replay
