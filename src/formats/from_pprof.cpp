#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "formats/formats.hpp"
#include "formats/pprof_fields.hpp"
#include "formats/pprof_sample_types.hpp"
#include "formats/pprof_tables.hpp"
#include "formats/profile_builder.hpp"
#include "formats/protobuf_reader.hpp"
#include "formats/weight.hpp"
#include "store/utc.hpp"
#include "support/gzip.hpp"

namespace deft::formats {
namespace {

// A few bytes may ask for a lot: compressed ones, a location that stands for a thousand functions, a long
// name that all functions share.
constexpr std::size_t most_inflated_bytes = std::size_t{256} << 20U;
constexpr std::size_t most_frames_in_stacks = std::size_t{128} << 20U;
constexpr std::size_t most_bytes_of_names = std::size_t{256} << 20U;
constexpr std::size_t most_bytes_of_comments = std::size_t{16} << 20U;

std::string_view last_part(std::string_view path) {
  const std::size_t slash = path.find_last_of('/');
  return slash == std::string_view::npos || slash + 1 == path.size() ? path : path.substr(slash + 1);
}

std::string hexadecimal(std::uint64_t number) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  do {
    text.insert(text.begin(), digits[number & 15U]);
    number >>= 4U;
  } while (number != 0);
  return "0x" + text;
}

/// The frames of each location, made when a sample first wants them.
class location_frames {
 public:
  location_frames(const pprof::tables& t, profile_builder& builder)
      : t_(t), builder_(builder), made_(t.locations.size()) {}

  std::size_t depth(std::size_t index) const { return std::max(1U, t_.locations[index].line_count); }

  /// Every name that is stored is counted here.
  void count_names(std::size_t bytes) {
    names_ += bytes;
    if (names_ > most_bytes_of_names) throw malformed{"names of more than 256 MiB"};
  }

  /// Appends them, outermost first.
  void append(std::size_t index, std::vector<std::uint32_t>& stack) {
    if (!made_[index]) made_[index] = make(t_.locations[index]);
    const std::size_t first = *made_[index];
    stack.insert(stack.end(), numbers_.begin() + static_cast<std::ptrdiff_t>(first),
                 numbers_.begin() + static_cast<std::ptrdiff_t>(first + depth(index)));
  }

 private:
  std::size_t make(const pprof::location& l) {
    const std::size_t first = numbers_.size();
    const pprof::mapping none;
    const pprof::mapping& m = l.mapping_id == 0 ? none : pprof::mapping_of(t_, l.mapping_id);
    const std::string_view module = last_part(pprof::string_at(t_, m.filename));
    for (std::uint32_t i = l.line_count; i-- > 0;) {
      const bool inlined = i + 1 != l.line_count;
      numbers_.push_back(frame_of(t_.line_functions[l.first_line + i], m.filename, module, inlined));
    }
    if (l.line_count == 0) {
      symbols::frame unknown;
      unknown.module = module;
      const std::uint64_t offset = l.address - m.start + m.offset;
      unknown.function = "[" + unknown.module + (module.empty() ? "" : "+") + hexadecimal(offset) + "]";
      numbers_.push_back(checked(std::move(unknown)));
    }
    return first;
  }

  std::uint32_t frame_of(std::uint64_t function_id, std::uint64_t module_number, std::string_view module,
                         bool inlined) {
    const auto [known, is_new] = known_.try_emplace({function_id, module_number, inlined}, 0);
    if (!is_new) return known->second;
    const pprof::function& f = pprof::function_of(t_, function_id);
    symbols::frame frame;
    frame.function = pprof::string_at(t_, f.name);
    if (frame.function.empty()) frame.function = pprof::string_at(t_, f.system_name);
    frame.module = module;
    frame.file = last_part(pprof::string_at(t_, f.filename));
    if (f.start_line > 0 && f.start_line <= std::numeric_limits<std::uint32_t>::max())
      frame.line = static_cast<std::uint32_t>(f.start_line);
    frame.inlined = inlined;
    return known->second = checked(std::move(frame));
  }

  std::uint32_t checked(symbols::frame frame) {
    count_names(frame.function.size() + frame.module.size() + frame.file.size());
    return builder_.number_of(std::move(frame));
  }

  const pprof::tables& t_;
  profile_builder& builder_;
  std::vector<std::optional<std::size_t>> made_;  ///< Where in `numbers_`.
  std::vector<std::uint32_t> numbers_;
  std::map<std::tuple<std::uint64_t, std::uint64_t, bool>, std::uint32_t> known_;
  std::size_t names_ = 0;
};

/// Strings by their numbers, until a sample turns out to be of a thread that was not seen before.
struct label {
  std::string_view key;
  std::uint64_t text = 0;
  std::int64_t number = 0;
};

label read_label(protobuf_reader in, const pprof::tables& t) {
  label out;
  while (in.next()) {
    switch (in.field()) {
      case pprof::label_key:
        out.key = pprof::string_at(t, in.number());
        break;
      case pprof::label_str:
        out.text = in.number();
        break;
      case pprof::label_num:
        out.number = in.signed_number();
        break;
      default:
        in.skip();
    }
  }
  return out;
}

/// Whose sample it is, as far as its labels tell.
struct thread_labels {
  std::uint32_t pid = 0;
  std::uint32_t tid = 0;
  std::uint64_t name = 0;
  std::uint64_t process = 0;

  friend auto operator<=>(const thread_labels&, const thread_labels&) = default;

  void take(const label& l) {
    // What no 32 bits hold is no thread of a system that deft knows.
    const bool fits = l.number > 0 && l.number <= std::numeric_limits<std::uint32_t>::max();
    if (l.key == "pid" && fits) pid = static_cast<std::uint32_t>(l.number);
    if ((l.key == "tid" || l.key == "thread_id") && fits) tid = static_cast<std::uint32_t>(l.number);
    if (l.key == "thread" || l.key == "thread_name") name = l.text;
    if (l.key == "process") process = l.text;
  }
};

class sample_reader {
 public:
  sample_reader(std::string_view whole, const pprof::tables& t)
      : whole_(whole), t_(t), measure_(pprof::choose_sample_type(t)), frames_(t, builder_) {}

  store::profile_file read(std::string_view origin) {
    for (const std::string_view sample : t_.samples) read_sample(sample);
    store::profile_file file;
    file.profile = builder_.finish();
    // All of one that has neither number nor name: threads are not told apart.
    if (file.profile.threads == std::vector{symbols::profiled_thread{}}) file.profile.threads.clear();
    file.profile.kind = measure_.kind;
    file.profile.frequency_hz = measure_.frequency_hz;
    file.profile.collector = "imported from pprof";
    file.profile.note = measure_.note;
    file.command = origin;
    if (t_.time_ns > 0) {
      file.created = store::to_utc(std::chrono::system_clock::time_point(
          std::chrono::duration_cast<std::chrono::system_clock::duration>(
              std::chrono::nanoseconds(t_.time_ns))));
    }
    if (t_.duration_ns > 0) file.duration_seconds = static_cast<double>(t_.duration_ns) / 1e9;
    std::size_t comment_bytes = 0;
    for (const std::uint64_t number : t_.comments) {
      const std::string_view comment = pprof::string_at(t_, number);
      if ((comment_bytes += comment.size()) > most_bytes_of_comments)
        throw malformed{"comments of more than 16 MiB"};
      apply_comment(comment, file);
    }
    return file;
  }

 private:
  void read_sample(std::string_view bytes) {
    std::vector<std::uint64_t> ids;
    std::vector<std::int64_t> values;
    thread_labels thread;
    protobuf_reader in(whole_, bytes, "sample");
    while (in.next()) {
      switch (in.field()) {
        case pprof::sample_location_id:
          in.numbers([&](std::uint64_t id) { ids.push_back(id); });
          break;
        case pprof::sample_value:
          in.numbers([&](std::uint64_t value) { values.push_back(static_cast<std::int64_t>(value)); });
          break;
        case pprof::sample_label:
          thread.take(read_label(in.message("label"), t_));
          break;
        default:
          in.skip();
      }
    }
    if (values.size() != t_.sample_types.size()) {
      in.fail("it has " + std::to_string(values.size()) + " values, where there are " +
              std::to_string(t_.sample_types.size()) + " sample types");
    }
    symbols::folded_stack stack;
    for (const std::int64_t value : values) {
      if (value < 0) in.fail("a value is below 0: differences of profiles cannot be read");
    }
    measure_.weigh(values, stack);
    if (stack.count == 0 && stack.value == 0) return;

    std::vector<std::size_t> places;
    places.reserve(ids.size());
    for (const std::uint64_t id : ids) {
      places.push_back(pprof::location_index(t_, id));
      frame_count_ += frames_.depth(places.back());
    }
    if (frame_count_ > most_frames_in_stacks) in.fail("the stacks have more than 2^27 frames");
    std::for_each(places.rbegin(), places.rend(),
                  [&](std::size_t place) { frames_.append(place, stack.frames); });
    stack.thread = number_of(thread);
    if (!builder_.add(std::move(stack))) throw malformed{"the values of all samples add up to 2^63 or more"};
  }

  std::uint32_t number_of(const thread_labels& labels) {
    const auto [known, is_new] = threads_.try_emplace(labels, 0);
    if (!is_new) return known->second;
    const std::string_view name = pprof::string_at(t_, labels.name);
    const std::string_view process = pprof::string_at(t_, labels.process);
    frames_.count_names(name.size() + process.size());
    return known->second = builder_.number_of(
               symbols::profiled_thread{labels.pid, labels.tid, std::string(name), std::string(process)});
  }

  /// What to_pprof wrote, back into its place; comments of others are shown as they are.
  static void apply_comment(std::string_view comment, store::profile_file& file) {
    const auto take = [&](std::string_view prefix, std::string& into) {
      if (!comment.starts_with(prefix)) return false;
      into = comment.substr(prefix.size());
      return true;
    };
    std::string number;
    if (take("command: ", file.command) || take("collector: ", file.profile.collector) ||
        take("unavailable: ", file.profile.unavailable)) {
      return;
    }
    for (const auto& [prefix, into] :
         {std::pair("lost: ", &file.profile.lost), std::pair("unrooted: ", &file.profile.unrooted)}) {
      if (!take(prefix, number)) continue;
      std::from_chars(number.data(), number.data() + number.size(), *into);
      return;
    }
    std::string note;
    if (!take("note: ", note)) note = comment;
    file.profile.note += (file.profile.note.empty() ? "" : "; ") + note;
  }

  std::string_view whole_;
  const pprof::tables& t_;
  pprof::sample_measure measure_;
  profile_builder builder_;
  location_frames frames_;
  std::map<thread_labels, std::uint32_t> threads_;
  std::size_t frame_count_ = 0;
};

}  // namespace

support::result<store::profile_file> from_pprof(std::string_view bytes, std::string_view origin) {
  std::string inflated;
  if (support::is_gzip(bytes)) {
    auto plain = support::gunzipped(bytes, most_inflated_bytes, origin);
    if (!plain) return plain.error();
    inflated = *std::move(plain);
    bytes = inflated;
  }
  try {
    const pprof::tables tables = pprof::read_tables(bytes);
    return sample_reader(bytes, tables).read(origin);
  } catch (const malformed& e) {
    return support::error{support::error_kind::unreadable_input, std::string(origin) + ": " + e.message};
  }
}

}  // namespace deft::formats
