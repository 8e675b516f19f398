/// @file
/// Compiled functions of tables: bit-packed values, and orders by keys.
#pragma once

#include <cstddef>
#include <cstdint>

namespace deft::detail {

/// Writes `count` values of `bits` bits (1 to the target's size), from value `first` on, plus `lowest`, to
/// `out`. Reads whole aligned words that hold a bit of them.
/// @{
void decode_bits(const std::byte* words, std::size_t first, std::size_t count, unsigned bits,
                 std::uint8_t lowest, std::uint8_t* out) noexcept;
void decode_bits(const std::byte* words, std::size_t first, std::size_t count, unsigned bits,
                 std::uint16_t lowest, std::uint16_t* out) noexcept;
void decode_bits(const std::byte* words, std::size_t first, std::size_t count, unsigned bits,
                 std::uint32_t lowest, std::uint32_t* out) noexcept;
void decode_bits(const std::byte* words, std::size_t first, std::size_t count, unsigned bits,
                 std::uint64_t lowest, std::uint64_t* out) noexcept;
/// @}

/// Sorts `order`, which holds row numbers, by keys[row]; stable. `keys` has a key for every row.
/// @throws std::bad_alloc; then `order` is as it was.
/// @{
void order_by_keys(const std::uint8_t* keys, std::uint32_t* order, std::size_t count);
void order_by_keys(const std::uint16_t* keys, std::uint32_t* order, std::size_t count);
void order_by_keys(const std::uint32_t* keys, std::uint32_t* order, std::size_t count);
void order_by_keys(const std::uint64_t* keys, std::uint32_t* order, std::size_t count);
void order_by_keys(const std::uint8_t* keys, std::uint64_t* order, std::size_t count);
void order_by_keys(const std::uint16_t* keys, std::uint64_t* order, std::size_t count);
void order_by_keys(const std::uint32_t* keys, std::uint64_t* order, std::size_t count);
void order_by_keys(const std::uint64_t* keys, std::uint64_t* order, std::size_t count);
/// @}

}  // namespace deft::detail
