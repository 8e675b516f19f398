// DLPack: what an array is, in the words of machine-learning libraries.
#include "deft/interop/dlpack.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "deft/core/shared_buffer.hpp"
#include "deft/view/any_view.hpp"
#include "deft/view/detail/errors.hpp"

namespace deft {

namespace {

constexpr std::int32_t processor = 1;
constexpr std::uint32_t major_version = 1;
constexpr std::int32_t most_dimensions = 64;

enum code : std::uint8_t { signed_integer = 0, unsigned_integer = 1, floating_point = 2, truth_value = 6 };

[[noreturn]] void fail(const std::string& what) {
  detail::throw_invalid_argument("deft: DLPack: " + what);
}

[[nodiscard]] dlpack::data_type type_of(const any_view& array) {
  const auto bits = static_cast<std::uint8_t>(8 * array.itemsize());
  const std::string format(array.format());
  // Python's letters; sizes are those of this machine unless a byte order is in front.
  const std::size_t order = format.find_first_of("@=<>!") == 0 ? 1 : 0;
  const bool foreign = order == 1 && (format[0] == '>' || format[0] == '!' || format[0] == '<') &&
                       array.itemsize() > 1 &&
                       (format[0] == '<') != (std::endian::native == std::endian::little);
  if (foreign || format.size() != order + 1) fail("no type for elements of format '" + format + "'");
  switch (format[order]) {
    case 'b':
    case 'h':
    case 'i':
    case 'l':
    case 'q':
    case 'n':
      return {signed_integer, bits, 1};
    case 'B':
    case 'H':
    case 'I':
    case 'L':
    case 'Q':
    case 'N':
      return {unsigned_integer, bits, 1};
    case 'f':
    case 'd':
    case 'e':
      return {floating_point, bits, 1};
    case '?':
      return {truth_value, bits, 1};
    default:
      fail("no type for elements of format '" + format + "'");
  }
}

/// A tensor with what it refers to.
template <typename Managed>
struct exported {
  Managed managed{};
  any_view array;
  std::vector<std::int64_t> numbers;  // shape, then strides

  explicit exported(const any_view& from) : array(from) {
    if (array.has_suboffsets()) fail("an array with suboffsets has no strides");
    const dlpack::data_type type = type_of(array);
    const auto shape = array.shape();
    const auto strides = array.strides();
    const auto size = static_cast<std::ptrdiff_t>(array.itemsize());
    for (const std::size_t extent : shape) numbers.push_back(static_cast<std::int64_t>(extent));
    const bool empty = std::find(shape.begin(), shape.end(), std::size_t{0}) != shape.end();
    numbers.resize(2 * shape.size());
    std::ptrdiff_t compact = 1;
    for (std::size_t d = shape.size(); d-- > 0;) {
      // Where no step is taken, the stride is anything, and need be no number of elements.
      const bool steps = !empty && shape[d] > 1;
      if (steps && strides[d] % size != 0) {
        fail("a stride of " + std::to_string(strides[d]) + " bytes is no number of elements");
      }
      numbers[shape.size() + d] = steps ? strides[d] / size : compact;
      compact = detail::times(compact, static_cast<std::ptrdiff_t>(shape[d]));
    }
    managed.array = {array.data(),
                     {processor, 0},
                     static_cast<std::int32_t>(shape.size()),
                     type,
                     numbers.data(),
                     numbers.data() + shape.size(),
                     0};
    managed.manager_ctx = this;
    managed.deleter = [](Managed* self) { delete static_cast<exported*>(self->manager_ctx); };
  }
};

[[nodiscard]] const char* letter_of(const dlpack::data_type& type) {
  constexpr const char* signed_letters[] = {"b", "h", "i", "q"};
  constexpr const char* unsigned_letters[] = {"B", "H", "I", "Q"};
  const std::size_t size = type.bits == 8    ? 0
                           : type.bits == 16 ? 1
                           : type.bits == 32 ? 2
                           : type.bits == 64 ? 3
                                             : 4;
  if (type.lanes == 1 && size < 4) {
    if (type.code == signed_integer) return signed_letters[size];
    if (type.code == unsigned_integer) return unsigned_letters[size];
    if (type.code == floating_point && size != 0) return size == 1 ? "e" : size == 2 ? "f" : "d";
    if (type.code == truth_value && size == 0) return "?";
  }
  fail("elements of type code " + std::to_string(type.code) + ", " + std::to_string(type.bits) + " bits, " +
       std::to_string(type.lanes) + " lanes are none that deft has");
}

template <typename Managed>
struct release_tensor {
  void operator()(Managed* tensor) const noexcept {
    if (tensor->deleter != nullptr) tensor->deleter(tensor);
  }
};

/// The bytes from the address of the first element that a dimension reaches below and above.
void widen(std::int64_t extent, std::int64_t stride, std::int64_t size, std::int64_t& below,
           std::int64_t& above) {
  std::int64_t reach = 0;
  if (__builtin_mul_overflow(extent - 1, stride, &reach) || __builtin_mul_overflow(reach, size, &reach) ||
      __builtin_add_overflow(reach < 0 ? below : above, reach, reach < 0 ? &below : &above)) {
    fail("extents and strides are beyond what memory can hold");
  }
}

template <typename Managed>
any_view import_tensor(std::unique_ptr<Managed, release_tensor<Managed>> held, bool readonly) {
  const dlpack::tensor& tensor = held->array;
  if (tensor.where.type != processor) {
    fail("the array is on a device of type " + std::to_string(tensor.where.type) +
         ", not in the processor's memory");
  }
  const char* const format = letter_of(tensor.type);
  const auto size = static_cast<std::int64_t>(tensor.type.bits / 8);
  if (tensor.ndim < 0 || tensor.ndim > most_dimensions) {
    fail("the number of dimensions is " + std::to_string(tensor.ndim));
  }
  const auto ndim = static_cast<std::size_t>(tensor.ndim);
  if (ndim != 0 && tensor.shape == nullptr) fail("the shape is a null pointer");
  std::vector<std::size_t> shape(ndim);
  std::vector<std::ptrdiff_t> strides(ndim);
  bool empty = false;
  for (std::size_t d = 0; d < ndim; ++d) {
    if (tensor.shape[d] < 0) fail("the extent of a dimension is " + std::to_string(tensor.shape[d]));
    shape[d] = static_cast<std::size_t>(tensor.shape[d]);
    empty = empty || shape[d] == 0;
  }
  std::int64_t below = 0;
  std::int64_t above = 0;
  std::int64_t compact = 1;
  std::ptrdiff_t step = size;
  for (std::size_t d = ndim; d-- > 0;) {
    if (empty) {  // No step is taken; any_view calls one dimension contiguous only if its stride is right.
      strides[d] = step;
      step = detail::times(step, static_cast<std::ptrdiff_t>(tensor.shape[d]));
      continue;
    }
    const std::int64_t stride = tensor.strides != nullptr ? tensor.strides[d] : compact;
    if (tensor.strides == nullptr && __builtin_mul_overflow(compact, tensor.shape[d], &compact)) {
      fail("extents and strides are beyond what memory can hold");
    }
    if (tensor.shape[d] > 1) widen(tensor.shape[d], stride, size, below, above);
    // A dimension of one element takes no step: whatever its stride says is not used.
    strides[d] = tensor.shape[d] <= 1 ? 0 : static_cast<std::ptrdiff_t>(stride * size);
  }
  if (tensor.data == nullptr && !empty) fail("the data is a null pointer");
  const auto address = reinterpret_cast<std::uintptr_t>(tensor.data);
  if (tensor.byte_offset > std::numeric_limits<std::uintptr_t>::max() - address) {
    fail("the byte offset is beyond what memory can hold");
  }
  void* const first =
      tensor.data == nullptr ? nullptr : reinterpret_cast<void*>(address + tensor.byte_offset);
  shared_buffer owner =
      shared_buffer::adopt(std::span<const std::byte>(static_cast<const std::byte*>(first), 0),
                           [keep = std::shared_ptr<Managed>(std::move(held))](
                               const std::byte*, std::size_t) mutable noexcept { keep.reset(); });
  return any_view::of_buffer(first, format, static_cast<std::size_t>(size), shape, strides, {}, readonly,
                             std::move(owner));
}

}  // namespace

namespace detail {

any_view with_owner(const any_view& array, shared_buffer owner) {
  const auto suboffsets = array.has_suboffsets() ? array.suboffsets() : std::vector<std::ptrdiff_t>{};
  return any_view::of_buffer(array.data(), array.format(), array.itemsize(), array.shape(), array.strides(),
                             suboffsets, array.readonly(), std::move(owner));
}

}  // namespace detail

dlpack::managed_tensor_versioned* export_dlpack(const any_view& array) {
  auto made = std::make_unique<exported<dlpack::managed_tensor_versioned>>(array);
  made->managed.abi = {major_version, 0};
  made->managed.flags = array.readonly() ? dlpack::read_only : 0;
  return &made.release()->managed;
}

dlpack::managed_tensor* export_dlpack_unversioned(const any_view& array, dlpack_writes writes) {
  if (array.readonly() && writes == dlpack_writes::expected) {
    fail("an unversioned tensor cannot say that it is only to be read");
  }
  return &std::make_unique<exported<dlpack::managed_tensor>>(array).release()->managed;
}

any_view import_dlpack(dlpack::managed_tensor_versioned* tensor, dlpack_writes writes) {
  if (tensor == nullptr) fail("the tensor is a null pointer");
  std::unique_ptr<dlpack::managed_tensor_versioned, release_tensor<dlpack::managed_tensor_versioned>> held(
      tensor);
  if (tensor->abi.major_number != major_version) {
    fail("version " + std::to_string(tensor->abi.major_number) + " of its structs is not 1");
  }
  const bool readonly = (tensor->flags & dlpack::read_only) != 0 || writes == dlpack_writes::none;
  return import_tensor(std::move(held), readonly);
}

any_view import_dlpack(dlpack::managed_tensor* tensor, dlpack_writes writes) {
  if (tensor == nullptr) fail("the tensor is a null pointer");
  std::unique_ptr<dlpack::managed_tensor, release_tensor<dlpack::managed_tensor>> held(tensor);
  return import_tensor(std::move(held), writes == dlpack_writes::none);
}

}  // namespace deft
