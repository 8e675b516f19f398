#include "support/gzip.hpp"

#include <algorithm>
#include <limits>
#include <memory>
#include <new>

#include <zlib.h>

namespace deft::support {
namespace {

constexpr int gzip_format = 16;  // Added to zlib's window bits. Headers written have no name and no time.

// zlib's older interface takes a pointer to non-const; it does not write through it.
Bytef* input_of(std::string_view bytes) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
}

/// zlib counts in 32 bits.
uInt piece_of(std::size_t size) {
  return static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max()));
}

struct end_inflate {
  void operator()(z_stream* stream) const { inflateEnd(stream); }
};

struct end_deflate {
  void operator()(z_stream* stream) const { deflateEnd(stream); }
};

}  // namespace

std::string gzipped(std::string_view bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, MAX_WBITS + gzip_format, 9, Z_DEFAULT_STRATEGY) !=
      Z_OK) {
    throw std::bad_alloc();
  }
  const std::unique_ptr<z_stream, end_deflate> owner(&stream);
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = input_of(bytes);
  std::size_t written = 0;
  for (int state = Z_OK; state != Z_STREAM_END;) {
    stream.avail_in = piece_of(bytes.size() - (reinterpret_cast<const char*>(stream.next_in) - bytes.data()));
    stream.next_out = reinterpret_cast<Bytef*>(out.data()) + written;
    stream.avail_out = piece_of(out.size() - written);
    const uInt room = stream.avail_out;
    const bool last =
        bytes.data() + bytes.size() == reinterpret_cast<const char*>(stream.next_in) + stream.avail_in;
    state = deflate(&stream, last ? Z_FINISH : Z_NO_FLUSH);
    written += room - stream.avail_out;
  }
  out.resize(written);
  return out;
}

bool is_gzip(std::string_view bytes) noexcept {
  return bytes.starts_with("\x1f\x8b");
}

result<std::string> gunzipped(std::string_view bytes, std::size_t limit_bytes, std::string_view origin) {
  const auto failure = [&](const std::string& what) {
    return error{error_kind::unreadable_input, std::string(origin) + ": " + what};
  };
  z_stream stream{};
  if (inflateInit2(&stream, MAX_WBITS + gzip_format) != Z_OK) throw std::bad_alloc();
  const std::unique_ptr<z_stream, end_inflate> owner(&stream);
  std::string out;
  char block[1 << 16];
  stream.next_in = input_of(bytes);
  std::size_t left = bytes.size();
  for (;;) {
    stream.avail_in = piece_of(left);
    stream.next_out = reinterpret_cast<Bytef*>(block);
    stream.avail_out = sizeof block;
    const uInt offered = stream.avail_in;
    const int state = inflate(&stream, Z_NO_FLUSH);
    left -= offered - stream.avail_in;
    const std::size_t got = sizeof block - stream.avail_out;
    if (got > limit_bytes - out.size()) {
      return failure("more than " + std::to_string(limit_bytes >> 20U) + " MiB when decompressed, after " +
                     std::to_string(bytes.size() - left) + " of " + std::to_string(bytes.size()) + " bytes");
    }
    out.append(block, got);
    const std::string where = " at byte " + std::to_string(bytes.size() - left) + " of the compressed file";
    if (state == Z_STREAM_END) {
      if (left == 0) return out;
      if (inflateReset(&stream) != Z_OK) throw std::bad_alloc();
    } else if (state == Z_MEM_ERROR) {
      throw std::bad_alloc();
    } else if (state == Z_BUF_ERROR || (state == Z_OK && left == 0 && got < sizeof block)) {
      return failure("the compressed data is cut off after " + std::to_string(bytes.size()) + " bytes");
    } else if (state != Z_OK) {
      return failure("damaged compressed data" + where + (stream.msg ? std::string(": ") + stream.msg : ""));
    }
  }
}

}  // namespace deft::support
