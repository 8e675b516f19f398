#include <chrono>
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <protozero/pbf_writer.hpp>

#include "formats/formats.hpp"
#include "formats/pprof_fields.hpp"
#include "formats/weight.hpp"
#include "store/utc.hpp"
#include "support/gzip.hpp"

namespace deft::formats {
namespace {

using protozero::pbf_writer;
using symbols::folded_stack;
using symbols::frame;

/// Numbers things in the order in which they are first wanted, and keeps what was written about each. The
/// output so depends on what the stacks say, not on how the profile numbers its frames.
template <class Key>
struct numbering {
  std::map<Key, std::uint64_t> numbers;

  /// Where the thing and its number are, and whether it is new.
  auto operator()(const Key& key, std::uint64_t first) {
    return numbers.try_emplace(key, numbers.size() + first);
  }
};

class pprof_writer {
 public:
  explicit pprof_writer(const store::profile_file& file) : file_(file), profile_(file.profile) {
    string("");  // The table has to begin with it.
  }

  std::string write() {
    const weight_words words = words_for(profile_.kind);
    const bool valued = has_values(profile_);
    write_type(pprof::profile_sample_type, words.count, "count");
    if (valued) write_type(pprof::profile_sample_type, words.value, words.value_unit);
    for (const folded_stack& stack : profile_.stacks) write_sample(stack, valued);
    write_totals(words, valued);
    for (const std::string_view text : strings_in_order_)
      top_.add_string(pprof::profile_string_table, text.data(), text.size());
    return std::move(bytes_);
  }

 private:
  std::int64_t string(std::string_view text) {
    const auto [entry, is_new] = strings_(std::string(text), 0);
    if (is_new) strings_in_order_.emplace_back(entry->first);
    return static_cast<std::int64_t>(entry->second);
  }

  void write_type(std::uint32_t field, std::string_view type, std::string_view unit) {
    const std::int64_t type_number = string(type);
    const std::int64_t unit_number = string(unit);
    pbf_writer out(top_, field);
    out.add_int64(pprof::value_type_type, type_number);
    out.add_int64(pprof::value_type_unit, unit_number);
  }

  void write_sample(const folded_stack& stack, bool valued) {
    const std::uint64_t value = value_of(profile_, stack);
    if (stack.count == 0 && value == 0) return;
    std::vector<std::uint64_t> locations;
    for (std::size_t i = 0; i < stack.frames.size();) {
      // A function and what was inlined into it are one place in the code.
      std::size_t end = i + 1;
      while (end < stack.frames.size() && continues(frame_at(stack, i), frame_at(stack, end))) ++end;
      locations.push_back(location({stack.frames.begin() + static_cast<std::ptrdiff_t>(i),
                                    stack.frames.begin() + static_cast<std::ptrdiff_t>(end)}));
      i = end;
    }
    std::vector<std::int64_t> values{static_cast<std::int64_t>(std::min(stack.count, largest_number))};
    if (valued) values.push_back(static_cast<std::int64_t>(value));

    pbf_writer out(top_, pprof::profile_sample);
    out.add_packed_uint64(pprof::sample_location_id, locations.rbegin(),
                          locations.rend());  // Innermost first.
    out.add_packed_int64(pprof::sample_value, values.begin(), values.end());
    if (stack.thread >= profile_.threads.size()) return;
    const symbols::profiled_thread& thread = profile_.threads[stack.thread];
    add_label(out, "pid", thread.pid);
    add_label(out, "tid", thread.tid);
    add_label(out, "thread", thread.name);
    add_label(out, "process", thread.process);
  }

  const frame& frame_at(const folded_stack& stack, std::size_t i) const {
    return profile_.frames[stack.frames[i]];
  }

  static bool continues(const frame& outer, const frame& inner) {
    return inner.inlined && inner.module == outer.module;
  }

  void add_label(pbf_writer& sample, std::string_view key, std::uint32_t number) {
    if (number == 0) return;
    const std::int64_t key_number = string(key);
    pbf_writer label(sample, pprof::sample_label);
    label.add_int64(pprof::label_key, key_number);
    label.add_int64(pprof::label_num, number);
  }

  void add_label(pbf_writer& sample, std::string_view key, std::string_view text) {
    if (text.empty()) return;
    const std::int64_t key_number = string(key);
    const std::int64_t text_number = string(text);
    pbf_writer label(sample, pprof::sample_label);
    label.add_int64(pprof::label_key, key_number);
    label.add_int64(pprof::label_str, text_number);
  }

  /// Of a function and what was inlined into it, outermost first.
  std::uint64_t location(const std::vector<std::uint32_t>& frames) {
    const auto [entry, is_new] = locations_(frames, 1);
    const std::uint64_t id = entry->second;
    if (!is_new) return id;
    const std::uint64_t mapping_id = mapping(profile_.frames[frames.front()].module);
    std::vector<std::uint64_t> functions;
    functions.reserve(frames.size());
    for (const std::uint32_t number : frames) functions.push_back(function(profile_.frames[number]));

    pending_.emplace_back();
    pbf_writer out(pending_.back().second);
    pending_.back().first = pprof::profile_location;
    out.add_uint64(pprof::location_id, id);
    if (mapping_id != 0) out.add_uint64(pprof::location_mapping_id, mapping_id);
    for (std::size_t i = frames.size(); i-- > 0;) {
      pbf_writer line(out, pprof::location_line);
      line.add_uint64(pprof::line_function_id, functions[i]);
      if (const std::uint32_t number = profile_.frames[frames[i]].line; number != 0)
        line.add_int64(pprof::line_line, number);
    }
    return id;
  }

  std::uint64_t mapping(const std::string& module) {
    if (module.empty()) return 0;
    const auto [entry, is_new] = mappings_(module, 1);
    const std::uint64_t id = entry->second;
    if (!is_new) return id;
    const std::int64_t name = string(module);
    pending_.emplace_back();
    pbf_writer out(pending_.back().second);
    pending_.back().first = pprof::profile_mapping;
    out.add_uint64(pprof::mapping_id, id);
    out.add_int64(pprof::mapping_filename, name);
    // Nothing is left to be found out: pprof need not look for the file.
    for (const std::uint32_t known : {pprof::mapping_has_functions, pprof::mapping_has_filenames,
                                      pprof::mapping_has_line_numbers, pprof::mapping_has_inline_frames})
      out.add_bool(known, true);
    return id;
  }

  std::uint64_t function(const frame& f) {
    const std::int64_t name = string(f.function);
    const std::int64_t source = string(f.file);
    const auto [entry, is_new] = functions_({name, source, f.line}, 1);
    const std::uint64_t id = entry->second;
    if (!is_new) return id;
    pending_.emplace_back();
    pbf_writer out(pending_.back().second);
    pending_.back().first = pprof::profile_function;
    out.add_uint64(pprof::function_id, id);
    out.add_int64(pprof::function_name, name);
    // No system name: pprof would take it for a mangled one, and cut templates and parameters off.
    if (source != 0) out.add_int64(pprof::function_filename, source);
    if (f.line != 0) out.add_int64(pprof::function_start_line, f.line);
    return id;
  }

  void write_totals(const weight_words& words, bool valued) {
    for (const auto& [field, message] : pending_) top_.add_message(field, message);
    if (const auto created = store::from_utc(file_.created)) {
      top_.add_int64(
          pprof::profile_time_nanos,
          std::chrono::duration_cast<std::chrono::nanoseconds>(created->time_since_epoch()).count());
    }
    if (file_.duration_seconds > 0 && file_.duration_seconds < 9e9) {
      top_.add_int64(pprof::profile_duration_nanos,
                     static_cast<std::int64_t>(std::llround(file_.duration_seconds * 1e9)));
    }
    if (valued) write_type(pprof::profile_period_type, words.value, words.value_unit);
    if (valued && profile_.frequency_hz != 0 && profile_.kind != symbols::profile_kind::allocation) {
      top_.add_int64(pprof::profile_period,
                     (1'000'000'000 + profile_.frequency_hz / 2) / profile_.frequency_hz);
    }
    for (const std::string& comment : comments()) top_.add_int64(pprof::profile_comment, string(comment));
    if (valued) top_.add_int64(pprof::profile_default_sample_type, string(words.value));
  }

  /// What the format has no field for: `go tool pprof -comments` shows it.
  std::vector<std::string> comments() const {
    std::vector<std::string> lines{"command: " + file_.command, "collector: " + profile_.collector};
    if (!profile_.note.empty()) lines.push_back("note: " + profile_.note);
    if (!profile_.unavailable.empty()) lines.push_back("unavailable: " + profile_.unavailable);
    if (profile_.lost != 0) lines.push_back("lost: " + std::to_string(profile_.lost));
    if (profile_.unrooted != 0) lines.push_back("unrooted: " + std::to_string(profile_.unrooted));
    return lines;
  }

  const store::profile_file& file_;
  const symbols::stack_profile& profile_;
  std::string bytes_;
  pbf_writer top_{bytes_};
  std::vector<std::pair<std::uint32_t, std::string>> pending_;  ///< Messages, written after the samples.
  numbering<std::string> strings_;
  std::vector<std::string_view> strings_in_order_;
  numbering<std::vector<std::uint32_t>> locations_;
  numbering<std::string> mappings_;
  numbering<std::tuple<std::int64_t, std::int64_t, std::uint32_t>> functions_;
};

}  // namespace

std::string to_pprof(const store::profile_file& file) {
  return support::gzipped(pprof_writer(file).write());
}

}  // namespace deft::formats
