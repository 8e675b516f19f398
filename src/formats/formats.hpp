#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/profile_file.hpp"
#include "support/result.hpp"

namespace deft::formats {

/// What a profile can be written as.
enum class format { deft_json, html, collapsed, pprof, speedscope, callgrind };

/// By a file's name: ".speedscope.json", any other ".json" (deft's own), ".html", ".collapsed" ".folded"
/// ".txt",
/// ".pb.gz" ".pprof", ".callgrind" or a name that starts with "callgrind.out". Empty where it tells nothing.
std::optional<format> format_of_name(std::string_view file_name);

/// The word for a format on the command line, and back.
std::string_view to_string(format f);
std::optional<format> format_of_word(std::string_view word);

/// "root;caller;leaf 12", a line for each stack, as flame graph tools read it: samples of processor time, ns
/// of elapsed time, bytes allocated. Functions only, threads together. What would break a line is written as
/// %3B and the like (docs/reference/formats.md), so that from_collapsed gives the same names.
std::string to_collapsed(const symbols::stack_profile& profile);

/// perftools.profiles.Profile, gzip-compressed: what `go tool pprof` opens.
std::string to_pprof(const store::profile_file& file);

/// The file format of speedscope 1.x, a profile for each thread.
std::string to_speedscope(const store::profile_file& file);

/// callgrind's format, for callgrind_annotate and KCachegrind. Of a stack in which a function stands several
/// times only its outermost call passes cost on to it, so that inclusive costs count every sample once.
std::string to_callgrind(const store::profile_file& file);

/// Reads deft's JSON, pprof (gzip or plain) or collapsed stacks, told apart by content. `origin` names the
/// file in messages.
support::result<store::profile_file> import_profile(std::string_view bytes, std::string_view origin);

/// These believe no number in what they read: time and memory are linear in its size, and errors say where.
support::result<store::profile_file> from_collapsed(std::string_view text, std::string_view origin);
support::result<store::profile_file> from_pprof(std::string_view bytes, std::string_view origin);

/// One profile of several of the same kind, at least one: of the processes of one program, say. Their hot
/// functions are kept if one of them only has any.
support::result<store::profile_file> merged(const std::vector<store::profile_file>& files);

}  // namespace deft::formats
