// Traces of requests: the keys that somebody asked a cache for, in order.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace deft_replay {

enum class trace_format {
  guess,  // text if the file begins with text
  words,  // 32 bits a key. In which byte order does not matter: different keys stay different
  text,   // a line a key
};

struct trace {
  std::vector<std::uint64_t> keys;
  std::string error;  // Not empty: the file is not a trace, and this says what is wrong with it, in one line.
};

/// Reads a file, plain or compressed by xz; "-" is the standard input.
trace read_trace(const std::string& path, trace_format format = trace_format::guess);

}  // namespace deft_replay
