/// @file
/// deft::export_dlpack, deft::import_dlpack: views handed to and taken from other array libraries.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/core/shared_buffer.hpp"
#include "deft/view/any_view.hpp"
#include "deft/view/detail/any_parts.hpp"
#include "deft/view/nd_view.hpp"

namespace deft {

/// The structs of DLPack, under names of our own: where its header is included as well, a pointer to one is
/// cast to the other.
namespace dlpack {

struct device {
  std::int32_t type;  // 1: memory of the processor
  std::int32_t id;
};

struct data_type {
  std::uint8_t code;  // 0 int, 1 uint, 2 float, 6 bool
  std::uint8_t bits;
  std::uint16_t lanes;
};

struct tensor {
  void* data;
  device where;
  std::int32_t ndim;
  data_type type;
  std::int64_t* shape;
  std::int64_t* strides;  // in elements
  std::uint64_t byte_offset;
};

/// DLManagedTensor.
struct managed_tensor {
  tensor array;
  void* manager_ctx;
  void (*deleter)(managed_tensor*);
};

struct version {
  std::uint32_t major_number;
  std::uint32_t minor_number;
};

inline constexpr std::uint64_t read_only = 1;

/// DLManagedTensorVersioned.
struct managed_tensor_versioned {
  version abi;
  void* manager_ctx;
  void (*deleter)(managed_tensor_versioned*);
  std::uint64_t flags;
  tensor array;
};

}  // namespace dlpack

namespace detail {

/// The same view with another owner.
[[nodiscard]] any_view with_owner(const any_view& array, shared_buffer owner);

}  // namespace detail

/// Whether a consumer that cannot be told so may get what is only to be read.
enum class dlpack_writes : bool { expected, none };

/// An array for another library: the memory stays where it is, and lives as long as the owner that the view
/// has, or that is given; a view without one must outlive the tensor. The unversioned tensor cannot say that
/// it is only to be read: such a view is refused unless the caller vouches with dlpack_writes::none.
/// @returns     A tensor, whose deleter is called once, by the consumer, on whichever thread.
/// @throws      std::invalid_argument for formats that DLPack has not (and another byte order), suboffsets,
///              strides that are no whole number of elements, a released view, and a read-only view where
///              that cannot be said; std::bad_alloc.
/// @complexity  O(dimensions). @concurrency Reads the view's description.
/// @{
[[nodiscard]] dlpack::managed_tensor_versioned* export_dlpack(const any_view& array);
[[nodiscard]] dlpack::managed_tensor* export_dlpack_unversioned(
    const any_view& array, dlpack_writes writes = dlpack_writes::expected);

/// @}

inline namespace DEFT_TAG {

/// The same of typed views that look into `owner`.
/// @returns     A tensor, as above.
/// @throws      As above. @complexity As above. @concurrency As above.
template <detail::format_element T, std::size_t Rank>
[[nodiscard]] dlpack::managed_tensor_versioned* export_dlpack(const nd_view<T, Rank>& array,
                                                              const shared_buffer& owner) {
  return deft::export_dlpack(detail::with_owner(any_view(array), owner));
}

}  // namespace DEFT_TAG

/// An array of another library, in the memory of the processor. The tensor is taken, whatever comes of it:
/// its deleter is called once, when the last view of it goes, or before an exception leaves.
/// @returns     A view that keeps the tensor; read-only if the tensor is, or `writes` says so.
/// @pre         The elements exist: only the description can be checked.
/// @throws      std::invalid_argument for a null pointer, another version, device or type of elements,
///              numbers of dimensions, extents and strides that cannot be, and null data; std::bad_alloc.
/// @complexity  O(dimensions). @concurrency Exclusive access to `*tensor`.
/// @{
[[nodiscard]] any_view import_dlpack(dlpack::managed_tensor_versioned* tensor,
                                     dlpack_writes writes = dlpack_writes::expected);
[[nodiscard]] any_view import_dlpack(dlpack::managed_tensor* tensor,
                                     dlpack_writes writes = dlpack_writes::expected);

/// @}

}  // namespace deft
