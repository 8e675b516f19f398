// What an imported array is once it was checked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "deft/interop/arrow_abi.hpp"
#include "deft/interop/arrow_column.hpp"
#include "deft/interop/arrow_handles.hpp"

namespace deft::detail {

/// How the rows of a kind lie in memory.
enum class arrow_layout : unsigned char {
  none,     ///< No memory.
  bits,     ///< A bitmap.
  fixed,    ///< `width` bytes each.
  small,    ///< Offsets of 32 bits, and bytes or a child.
  large,    ///< Offsets of 64 bits, and bytes or a child.
  views,    ///< 16 bytes each, and any number of buffers of bytes.
  columns,  ///< Children.
  repeats,  ///< A child with `width` rows for each row.
};

struct arrow_node {
  std::string name;
  std::string format;
  arrow_kind kind = arrow_kind::null;
  arrow_layout layout = arrow_layout::none;
  char unit = '\0';  // of times: s, m, u, n, D
  bool nullable = false;
  std::size_t width = 0;
  std::size_t length = 0;
  std::size_t offset = 0;
  const std::byte* validity = nullptr;
  const std::byte* values = nullptr;  // or offsets
  const std::byte* characters = nullptr;
  const void* const* buffers = nullptr;  // of views: those of bytes
  std::vector<arrow_node> children;
  std::unique_ptr<arrow_node> dictionary;
  std::vector<std::byte> merged;  // the validity, where entries of the dictionary are absent

  [[nodiscard]] bool is_null(std::size_t at) const noexcept {
    if (kind == arrow_kind::null) return true;
    return validity != nullptr && (std::to_integer<unsigned>(validity[at / 8]) >> (at % 8) & 1U) == 0;
  }

  /// Element `at` of the offsets.
  [[nodiscard]] std::int64_t start(std::size_t at) const noexcept;

  [[nodiscard]] std::string_view text(std::size_t at) const noexcept;

  /// Element `at` of indices, which is not absent.
  [[nodiscard]] std::size_t index(std::size_t at) const noexcept;
};

struct arrow_batch_state {
  arrow_batch_state(arrow_array&& taken, arrow_node&& checked) noexcept
      : array(std::move(taken)), root(std::move(checked)) {}

  arrow_array array;
  arrow_node root;
};

/// Makes batches.
struct arrow_access {
  [[nodiscard]] static arrow_batch make(arrow_array&& array, arrow_node&& root) {
    return arrow_batch(std::make_shared<const arrow_batch_state>(std::move(array), std::move(root)));
  }
};

/// Checks an array and its type. Throws std::invalid_argument.
[[nodiscard]] arrow_node check_arrow(const ArrowArray& array, const ArrowSchema& schema);

/// The same for the type alone.
void check_arrow_type(const ArrowSchema& schema);

/// A name as a message shows it: short, and without what moves cursors.
[[nodiscard]] std::string shown_name(std::string_view name);

}  // namespace deft::detail
