#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "store/profile_file.hpp"
#include "support/result.hpp"

namespace deft::formats {

/// What a profile can be written as.
enum class format { deft_json, html, collapsed, pprof, speedscope, callgrind };

/// By the end of a file's name: ".json" (deft's own), ".html", ".collapsed" ".folded" ".txt", ".pb.gz"
/// ".pprof",
/// ".speedscope.json", ".callgrind" or a name that starts with "callgrind.out". Empty where it tells nothing.
std::optional<format> format_of_name(std::string_view file_name);

/// The word for a format on the command line, and back.
std::string_view to_string(format f);
std::optional<format> format_of_word(std::string_view word);

/// "root;caller;leaf 12", a line for each stack, as flame graph tools read it.
std::string to_collapsed(const store::profile_file& file);

/// perftools.profiles.Profile, gzip-compressed: what `go tool pprof` opens.
std::string to_pprof(const store::profile_file& file);

/// The file format of speedscope 1.x, a profile for each thread.
std::string to_speedscope(const store::profile_file& file);

/// callgrind's format, for callgrind_annotate and KCachegrind.
std::string to_callgrind(const store::profile_file& file);

/// Reads deft's JSON, pprof (gzip or plain) or collapsed stacks, told apart by content. `origin` names the
/// file in messages.
support::result<store::profile_file> import_profile(std::string_view bytes, std::string_view origin);

support::result<store::profile_file> from_collapsed(std::string_view text, std::string_view origin);
support::result<store::profile_file> from_pprof(std::string_view bytes, std::string_view origin);

}  // namespace deft::formats
