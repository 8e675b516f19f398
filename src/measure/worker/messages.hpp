#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "deft/measure/detail/suite.hpp"

// What deft and a worker say to each other: lines of words with single spaces, numbers in plain decimal. Each
// message can be written in one way only, so that whatever is read and understood is what was written.
// docs/reference/worker-protocol.md describes the whole.

namespace deft::measure::wire {

inline constexpr const char* variable = "DEFT_WORKER";  ///< Holds the number of the worker's end of a socket.
inline constexpr std::uint64_t version = 1;
inline constexpr std::size_t longest_line = 1 << 16;

// From deft.

struct list_request {};

struct quit_request {};

using request = std::variant<list_request, detail::batch_request, quit_request>;

// From the worker.

/// The first line: who speaks, in which version.
struct greeting {
  std::uint64_t version = 0;
  std::string suite;  ///< "deft" or "google-benchmark".
};

struct listed_name {
  std::string name;
};

struct end_of_list {
  std::uint64_t count = 0;
};

/// No batch, because...
struct refusal {
  std::string why;
  bool skipped = false;
};

using reply = std::variant<greeting, listed_name, end_of_list, detail::batch, refusal>;

// Each line without its newline. Empty: it is none of these messages.

std::optional<request> parse_request(std::string_view line);
std::optional<reply> parse_reply(std::string_view line);

// The line without its newline; control characters in a name or a reason become spaces.

std::string line_of(const request& r);
std::string line_of(const reply& r);

}  // namespace deft::measure::wire
