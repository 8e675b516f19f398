#include "formats/pprof_sample_types.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>
#include <utility>

#include "formats/protobuf_reader.hpp"
#include "formats/weight.hpp"

namespace deft::formats::pprof {
namespace {

using symbols::profile_kind;

struct unit_scale {
  std::string_view unit;
  std::uint64_t scale;
};

constexpr std::array<unit_scale, 8> time_units{{{"nanoseconds", 1},
                                                {"ns", 1},
                                                {"microseconds", 1'000},
                                                {"us", 1'000},
                                                {"milliseconds", 1'000'000},
                                                {"ms", 1'000'000},
                                                {"seconds", 1'000'000'000},
                                                {"s", 1'000'000'000}}};

constexpr std::array<unit_scale, 3> size_units{
    {{"bytes", 1}, {"kilobytes", 1U << 10U}, {"megabytes", 1U << 20U}}};

/// 0 for a unit that is none of them.
template <std::size_t N>
std::uint64_t scale_of(std::string_view unit, const std::array<unit_scale, N>& known) {
  for (const unit_scale& u : known) {
    if (u.unit == unit) return u.scale;
  }
  return 0;
}

struct named_type {
  std::string_view type;
  std::string_view unit;

  std::uint64_t time_scale() const { return scale_of(unit, time_units); }

  std::uint64_t size_scale() const { return scale_of(unit, size_units); }

  bool has_value() const { return time_scale() != 0 || size_scale() != 0; }
};

profile_kind kind_of(const named_type& t) {
  if (t.size_scale() != 0) return profile_kind::allocation;
  const auto says = [&](std::string_view word) { return t.type.find(word) != std::string_view::npos; };
  if (says("off_cpu") || says("offcpu") || says("delay") || says("wait")) return profile_kind::off_cpu;
  if (says("wall") || says("time") || says("real")) return profile_kind::wall;
  return profile_kind::cpu;
}

std::optional<std::size_t> named(const std::vector<named_type>& types, std::string_view name) {
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (types[i].type == name) return i;
  }
  return {};
}

/// "alloc_space" for "alloc_objects" and the other way round; empty where the name does not end so.
std::string with_other_ending(std::string_view name, std::string_view ending, std::string_view other) {
  if (!name.ends_with(ending)) return {};
  return std::string(name.substr(0, name.size() - ending.size())).append(other);
}

std::optional<std::size_t> count_for(const std::vector<named_type>& types, std::size_t value) {
  const std::string objects = with_other_ending(types[value].type, "_space", "_objects");
  for (const std::string_view name :
       {std::string_view(objects), std::string_view("samples"), std::string_view("contentions")}) {
    if (const auto found = named(types, name); found && !types[*found].has_value()) return found;
  }
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (types[i].unit == "count") return i;
  }
  return {};
}

std::optional<std::size_t> value_for(const std::vector<named_type>& types, std::size_t count) {
  const std::string space = with_other_ending(types[count].type, "_objects", "_space");
  if (const auto found = named(types, space); found && types[*found].has_value()) return found;
  if (types[count].type != "samples") return {};
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (types[i].time_scale() != 0) return i;
  }
  return {};
}

std::uint32_t frequency_of(const tables& t) {
  const std::uint64_t scale = named_type{{}, string_at(t, t.period_type.unit)}.time_scale();
  if (scale == 0 || t.period <= 0) return 0;
  const double period_ns = static_cast<double>(t.period) * static_cast<double>(scale);
  const double frequency = 1e9 / period_ns + 0.5;
  return frequency < std::numeric_limits<std::uint32_t>::max() ? static_cast<std::uint32_t>(frequency) : 0;
}

}  // namespace

sample_measure choose_sample_type(const tables& t) {
  std::vector<named_type> types;
  types.reserve(t.sample_types.size());
  for (const value_type& type : t.sample_types)
    types.push_back({string_at(t, type.type), string_at(t, type.unit)});

  const auto wanted =
      t.default_sample_type == 0 ? std::nullopt : named(types, string_at(t, t.default_sample_type));
  const std::size_t chosen = wanted.value_or(types.size() - 1);
  sample_measure m;
  if (types[chosen].has_value()) {
    m.value = chosen;
    m.count = count_for(types, chosen);
  } else {
    m.count = chosen;
    m.value = value_for(types, chosen);
  }
  if (m.value) {
    m.kind = kind_of(types[*m.value]);
    m.value_scale = std::max(types[*m.value].time_scale(), types[*m.value].size_scale());
    if (m.kind != profile_kind::allocation) m.frequency_hz = frequency_of(t);
  }
  if (types.size() > (m.value ? 1U : 0U) + (m.count ? 1U : 0U)) {
    m.note = "of " + std::to_string(types.size()) + " sample types, " + std::string(types[chosen].type) +
             " was read";
  }
  return m;
}

void sample_measure::weigh(const std::vector<std::int64_t>& values, symbols::folded_stack& stack) const {
  if (value) {
    const auto raw = static_cast<std::uint64_t>(values[*value]);
    if (raw > largest_number / value_scale) throw malformed{"a value is 2^63 ns or more"};
    stack.value = raw * value_scale;
  }
  if (count) {
    stack.count = static_cast<std::uint64_t>(values[*count]);
  } else if (frequency_hz != 0) {
    stack.count = static_cast<std::uint64_t>(static_cast<double>(stack.value) * frequency_hz / 1e9 + 0.5);
  } else {
    stack.count = stack.value == 0 ? 0 : 1;
  }
}

}  // namespace deft::formats::pprof
