// packed records beside plain structs of the same values: comparing and hashing them.
#include "deft/record/packed.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "deft/core/hash.hpp"
#include "deft/record/fields.hpp"

#include "bench/record/schemas.hpp"
#include "bench/support/keys.hpp"

namespace {

using deft_bench::split_mix;

/// Few enough for the second-level cache: what is measured is comparing, not memory.
constexpr std::size_t pairs = 2048;

// --- the five schemas, each made of the same numbers
// ---------------------------------------------------------

struct lineitems {
  using declared = deft_bench::lineitem;
  using plain = deft_bench::plain_lineitem;

  template <typename Row>
  static auto make(std::size_t i, split_mix& random) -> Row {
    const auto numbers = deft_bench::next_lineitem(i, random);
    if constexpr (std::is_same_v<Row, plain>) {
      return deft_bench::make_plain_lineitem(numbers);
    } else {
      return deft_bench::make_lineitem(numbers);
    }
  }
};

struct market_ticks {
  using declared = deft_bench::tick;
  using plain = deft_bench::plain_tick;

  template <typename Row>
  static auto make(std::size_t i, split_mix& random) -> Row {
    return deft_bench::make_tick<Row>(i, random);
  }
};

struct log_events {
  using declared = deft_bench::log_event;
  using plain = deft_bench::plain_log_event;

  template <typename Row>
  static auto make(std::size_t i, split_mix& random) -> Row {
    return deft_bench::make_log_event<Row>(i, random);
  }
};

struct particles {
  using declared = deft_bench::particle;
  using plain = deft_bench::plain_particle;

  template <typename Row>
  static auto make(std::size_t i, split_mix& random) -> Row {
    return deft_bench::make_particle<Row>(i, random);
  }
};

struct web_sessions {
  using declared = deft_bench::web_session;
  using plain = deft_bench::plain_web_session;

  template <typename Row>
  static auto make(std::size_t i, split_mix& random) -> Row {
    return deft_bench::make_web_session<Row>(i, random);
  }
};

/// Copies the field of number `which` from another row.
template <typename Row>
void take_field(Row& row, const Row& other, std::size_t which) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    const auto to = deft::tie_fields(row);
    const auto from = deft::tie_fields(other);
    ((I == which ? static_cast<void>(std::get<I>(to) = std::get<I>(from)) : static_cast<void>(0)), ...);
  }(std::make_index_sequence<deft::field_count<Row>>());
}

/// Pairs, one behind the other: equal ones, or every other one, at random, different in one field.
template <typename Schema, typename Row, typename Stored>
auto make_pairs(bool some_differ) -> std::vector<Stored> {
  split_mix random(1);
  split_mix choice(2);
  std::vector<Stored> rows;
  for (std::size_t i = 0; i < pairs; ++i) {
    Row row = Schema::template make<Row>(i, random);
    const Row other = Schema::template make<Row>(i + 1, random);
    rows.emplace_back(row);
    const std::uint64_t chosen = choice();
    if (some_differ && (chosen & 1U) != 0) take_field(row, other, (chosen >> 1U) % deft::field_count<Row>);
    rows.emplace_back(row);
  }
  return rows;
}

template <typename Schema, typename Row, typename Stored>
void equal(benchmark::State& state, bool some_differ) {
  const auto rows = make_pairs<Schema, Row, Stored>(some_differ);
  for (auto _ : state) {
    std::size_t count = 0;
    // Unrolled: a loop of few instructions takes as long as its jump does, where that is placed badly.
#pragma GCC unroll 8
    for (std::size_t i = 0; i < 2 * pairs; i += 2) count += rows[i] == rows[i + 1] ? 1 : 0;
    benchmark::DoNotOptimize(count);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(pairs));
}

// As it is written by hand: each field, combined with those before it.
template <typename Field>
auto hash_field(std::uint64_t seed, const Field& field) -> std::uint64_t {
  if constexpr (deft::detail::is_optional<Field>) {
    return field.has_value() ? hash_field(seed + 1, *field) : seed;
  } else if constexpr (std::is_same_v<Field, double>) {
    return deft::hash_combine(seed, std::bit_cast<std::uint64_t>(field + 0.0));
  } else if constexpr (std::is_same_v<Field, float>) {
    return deft::hash_combine(seed, std::bit_cast<std::uint32_t>(field + 0.0F));
  } else {
    return deft::hash_combine(seed, static_cast<std::uint64_t>(field));
  }
}

struct hash_of_fields {
  template <typename Row>
  auto operator()(const Row& row) const -> std::uint64_t {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      const auto fields = deft::tie_fields(row);
      std::uint64_t hash = 7;
      ((hash = hash_field(hash, std::get<I>(fields))), ...);
      return hash;
    }(std::make_index_sequence<deft::field_count<Row>>());
  }
};

struct hash_of_packed {
  template <typename Packed>
  auto operator()(const Packed& row) const -> std::uint64_t {
    return row.hash_value(7);
  }
};

template <typename Schema, typename Row, typename Stored, typename Hash>
void hash(benchmark::State& state) {
  const auto rows = make_pairs<Schema, Row, Stored>(true);
  for (auto _ : state) {
    std::uint64_t sum = 0;
    for (const Stored& row : rows) sum += Hash()(row);
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(rows.size()));
}

// --- names
// ---------------------------------------------------------------------------------------------------

template <typename Schema, typename Row, typename Stored, typename Hash>
void register_peer(const std::string& schema, const std::string& peer) {
  const auto name = [&](const char* operation) {
    return "packed/" + (operation + ("/" + schema)) + "/2048_pairs/" + peer;
  };
  benchmark::RegisterBenchmark(name("equal").c_str(), equal<Schema, Row, Stored>, false);
  benchmark::RegisterBenchmark(name("half_equal").c_str(), equal<Schema, Row, Stored>, true);
  benchmark::RegisterBenchmark(name("hash").c_str(), hash<Schema, Row, Stored, Hash>);
}

template <typename Schema>
void register_schema(const std::string& schema) {
  using declared = typename Schema::declared;
  using plain = typename Schema::plain;
  register_peer<Schema, declared, deft::packed<declared>, hash_of_packed>(schema, "deft");
  register_peer<Schema, declared, deft::packed<declared, deft::aligned>, hash_of_packed>(schema,
                                                                                         "deft_aligned");
  register_peer<Schema, plain, plain, hash_of_fields>(schema, "struct");
}

auto register_all() -> bool {
  register_schema<lineitems>("lineitem");
  register_schema<market_ticks>("tick");
  register_schema<log_events>("log_event");
  register_schema<particles>("particle");
  register_schema<web_sessions>("web_session");
  return true;
}

[[maybe_unused]] const bool registered = register_all();

}  // namespace
