#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "store/result_file.hpp"
#include "symbols/stack_profile.hpp"

namespace deft::store {

// What writing and reading must agree on: the words in the files.

inline constexpr std::string_view result_schema_name = "deft-result";
inline constexpr std::string_view profile_schema_name = "deft-profile";

template <class Enum, std::size_t N>
using words = std::array<std::pair<Enum, std::string_view>, N>;

inline constexpr words<run_kind, 2> kind_words{
    {{run_kind::single, "single"}, {run_kind::comparison, "comparison"}}};

inline constexpr words<measure::method, 4> method_words{{{measure::method::same_core, "same_core"},
                                                         {measure::method::alternating, "alternating"},
                                                         {measure::method::workers, "workers"},
                                                         {measure::method::duet, "duet"}}};

inline constexpr words<stats::verdict, 7> verdict_words{{{stats::verdict::regressed, "regressed"},
                                                         {stats::verdict::improved, "improved"},
                                                         {stats::verdict::equivalent, "equivalent"},
                                                         {stats::verdict::inconclusive, "inconclusive"},
                                                         {stats::verdict::missing, "missing"},
                                                         {stats::verdict::added, "new"},
                                                         {stats::verdict::failed, "failed"}}};

inline constexpr words<symbols::profile_kind, 4> profile_kind_words{
    {{symbols::profile_kind::cpu, "cpu"},
     {symbols::profile_kind::wall, "wall"},
     {symbols::profile_kind::off_cpu, "off_cpu"},
     {symbols::profile_kind::allocation, "allocation"}}};

}  // namespace deft::store
