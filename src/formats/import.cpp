#include <algorithm>
#include <string>
#include <utility>

#include "formats/formats.hpp"
#include "formats/profile_builder.hpp"
#include "formats/weight.hpp"
#include "support/gzip.hpp"

namespace deft::formats {
namespace {

/// `{"` begins no stack that anybody has seen.
bool looks_like_json(std::string_view bytes) {
  constexpr std::string_view space = " \t\r\n";
  const std::size_t brace = bytes.find_first_not_of(space);
  if (brace == std::string_view::npos || bytes[brace] != '{') return false;
  const std::size_t next = bytes.find_first_not_of(space, brace + 1);
  return next == std::string_view::npos || bytes[next] == '"' || bytes[next] == '}';
}

/// A protocol buffer has lengths and field numbers among its first bytes, text has none of these.
bool looks_binary(std::string_view bytes) {
  const std::string_view begin = bytes.substr(0, 512);
  return std::any_of(begin.begin(), begin.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 && c != '\n' && c != '\r' && c != '\t';
  });
}

void join(std::string& all, const std::string& one, std::string_view separator) {
  if (one.empty() || all.find(one) != std::string::npos) return;
  if (!all.empty()) all += separator;
  all += one;
}

}  // namespace

support::result<store::profile_file> import_profile(std::string_view bytes, std::string_view origin) {
  if (support::is_gzip(bytes) || looks_binary(bytes)) return from_pprof(bytes, origin);
  if (looks_like_json(bytes)) return store::profile_from_json(bytes, origin);
  return from_collapsed(bytes, origin);
}

support::result<store::profile_file> merged(const std::vector<store::profile_file>& files) {
  if (files.size() == 1) return files.front();
  const bool by_thread = std::any_of(files.begin(), files.end(), [](const store::profile_file& file) {
    return !file.profile.threads.empty();
  });
  const symbols::stack_profile& first = files.front().profile;
  const bool one_frequency = std::all_of(files.begin(), files.end(), [&](const store::profile_file& file) {
    return file.profile.frequency_hz == first.frequency_hz;
  });

  profile_builder builder;
  store::profile_file all;
  symbols::stack_profile totals;
  for (const store::profile_file& file : files) {
    const symbols::stack_profile& profile = file.profile;
    if (profile.kind != first.kind) {
      return support::error{support::error_kind::unreadable_input,
                            file.command + ": another kind of profile than " + files.front().command};
    }
    std::vector<std::uint32_t> frames;
    frames.reserve(profile.frames.size());
    for (const symbols::frame& frame : profile.frames) frames.push_back(builder.number_of(frame));
    std::vector<std::uint32_t> threads;
    threads.reserve(profile.threads.size());
    for (const symbols::profiled_thread& thread : profile.threads)
      threads.push_back(builder.number_of(thread));
    if (threads.empty() && by_thread) {
      symbols::profiled_thread whole;
      whole.process = file.command;
      threads.push_back(builder.number_of(std::move(whole)));
    }
    for (symbols::folded_stack stack : profile.stacks) {
      if (!one_frequency) stack.value = value_of(profile, stack);
      for (std::uint32_t& frame : stack.frames) frame = frames[frame];
      stack.thread = threads.empty() ? 0 : threads[stack.thread];
      if (!builder.add(std::move(stack)))
        return support::error{support::error_kind::unreadable_input,
                              file.command + ": the numbers of all files add up to 2^63 or more"};
    }
    totals.discarded = saturating_sum(totals.discarded, profile.discarded);
    totals.lost = saturating_sum(totals.lost, profile.lost);
    totals.unrooted = saturating_sum(totals.unrooted, profile.unrooted);
    join(totals.collector, profile.collector, ", ");
    join(totals.note, profile.note, "; ");
    join(totals.unavailable, profile.unavailable, "; ");
    join(all.command, file.command, ", ");
    join(all.ended, file.ended, ", ");
    all.duration_seconds = std::max(all.duration_seconds, file.duration_seconds);
    if (all.created.empty() || (!file.created.empty() && file.created < all.created))
      all.created = file.created;
    if (all.machine.kernel.empty()) all.machine = file.machine;
    if (!file.hot_functions.empty()) all.hot_functions = file.hot_functions;
  }
  all.profile = builder.finish();
  all.profile.kind = first.kind;
  all.profile.frequency_hz = one_frequency ? first.frequency_hz : 0;
  all.profile.discarded = totals.discarded;
  all.profile.lost = totals.lost;
  all.profile.unrooted = totals.unrooted;
  all.profile.collector = totals.collector;
  all.profile.note = totals.note;
  all.profile.unavailable = totals.unavailable;
  if (std::count_if(files.begin(), files.end(),
                    [](const store::profile_file& file) { return !file.hot_functions.empty(); }) > 1)
    all.hot_functions.clear();
  return all;
}

}  // namespace deft::formats
