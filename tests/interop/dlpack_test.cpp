// Tensors out of views and views out of tensors; what hostile tensors are told.
#include "deft/interop/dlpack.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "deft/core/shared_buffer.hpp"
#include "deft/interop/column_view.hpp"
#include "deft/record/record_vector.hpp"
#include "deft/view/any_view.hpp"
#include "deft/view/nd_view.hpp"
#include "deft/view/shared_view.hpp"

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

template <typename Tensor>
void drop(Tensor* tensor) {
  tensor->deleter(tensor);
}

template <typename F>
std::string failure(F f) {
  try {
    f();
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return "nothing";
}

TEST(Dlpack, DescribesAViewWithItsStrides) {
  std::vector<int> numbers(24);
  const deft::nd_view<int, 3> cube(deft::view<int>(numbers), {2, 3, 4});
  const auto part = cube.slice(deft::full_extent, deft::slice{{}, {}, -1}, deft::slice{{}, {}, 2});
  auto* const tensor = deft::export_dlpack_unversioned(deft::any_view(part));
  const auto& array = tensor->array;
  EXPECT_EQ(static_cast<void*>(part.data()), array.data);
  EXPECT_EQ(1, array.where.type);
  EXPECT_EQ(0, array.type.code);
  EXPECT_EQ(32, array.type.bits);
  EXPECT_EQ(1, array.type.lanes);
  ASSERT_EQ(3, array.ndim);
  EXPECT_THAT(std::vector<std::int64_t>(array.shape, array.shape + 3), ElementsAre(2, 3, 2));
  EXPECT_THAT(std::vector<std::int64_t>(array.strides, array.strides + 3), ElementsAre(12, -4, 2));
  EXPECT_EQ(0U, array.byte_offset);
  drop(tensor);
}

TEST(Dlpack, KeepsTheOwnerUntilTheDeleterOnAnyThread) {
  deft::shared_view<double> values(std::vector<double>{1, 2, 3});
  auto* const tensor = deft::export_dlpack(deft::any_view(values));
  EXPECT_EQ(deft::dlpack::read_only, tensor->flags);
  EXPECT_EQ(1U, tensor->abi.major_number);
  EXPECT_EQ(2U, values.use_count());
  const void* const address = values.data();
  values = deft::shared_view<double>(std::vector<double>{});
  EXPECT_EQ(address, tensor->array.data);
  EXPECT_EQ(3.0, static_cast<const double*>(tensor->array.data)[2]);
  std::thread([tensor] { drop(tensor); }).join();
}

TEST(Dlpack, TypedViewsKeepTheOwnerGiven) {
  deft::shared_buffer owner = deft::shared_buffer::allocate(24 * sizeof(float));
  auto* const data = reinterpret_cast<float*>(owner.writable_bytes().data());
  auto* const tensor =
      deft::export_dlpack(deft::nd_view<float, 2>(deft::view<float>(data, 24), {4, 6}), owner);
  EXPECT_EQ(2U, owner.use_count());
  EXPECT_EQ(0U, tensor->flags);
  drop(tensor);
  EXPECT_EQ(1U, owner.use_count());
}

TEST(Dlpack, TakesColumnsOfATable) {
  struct row {
    std::int64_t a;
    std::array<float, 3> b;
    deft::bounded<int, -100, 100> c;
  };

  deft::record_vector<row> table(10, row{1, {1, 2, 3}, -7});
  const auto shared = table.share();
  auto* const b = deft::export_dlpack(deft::column_view<&row::b>(shared));
  EXPECT_EQ(2, b->array.ndim);
  EXPECT_THAT(std::vector<std::int64_t>(b->array.strides, b->array.strides + 2), ElementsAre(3, 1));
  EXPECT_EQ(static_cast<const void*>(shared.column<&row::b>().data()), b->array.data);
  drop(b);
  auto* const c = deft::export_dlpack(deft::column_view<&row::c>(shared));
  EXPECT_EQ(8, c->array.type.bits);
  EXPECT_EQ(-7, static_cast<const std::int8_t*>(c->array.data)[9]);
  drop(c);
}

TEST(Dlpack, ReadOnlyViewsNeedAVersionOrAPromise) {
  const std::vector<int> numbers(3);
  const deft::any_view view{deft::view<const int>(numbers)};
  EXPECT_THAT(failure([&] { (void)deft::export_dlpack_unversioned(view); }), HasSubstr("only to be read"));
  drop(deft::export_dlpack_unversioned(view, deft::dlpack_writes::none));
}

TEST(Dlpack, RefusesWhatItHasNoWordsFor) {
  std::vector<std::byte> bytes(24);
  const deft::view<std::byte> memory(bytes);
  const std::size_t shape[] = {3};
  const std::ptrdiff_t odd[] = {5};
  for (const char* format : {">i", "c"}) {
    EXPECT_THAT(failure([&] { (void)deft::export_dlpack(deft::any_view::over(memory, format, shape)); }),
                HasSubstr("no type for elements of format"))
        << format;
  }
  EXPECT_THAT(failure([&] { (void)deft::export_dlpack(deft::any_view::over(memory, "i", shape, odd)); }),
              HasSubstr("stride of 5 bytes"));
  deft::any_view released{deft::view<std::byte>(bytes)};
  released.release();
  EXPECT_THAT(failure([&] { (void)deft::export_dlpack(released); }), HasSubstr("released"));
}

struct foreign {
  foreign() {
    tensor.array = {numbers, {1, 0}, 2, {0, 32, 1}, shape, strides, 0};
    tensor.manager_ctx = this;
    tensor.deleter = [](deft::dlpack::managed_tensor* self) {
      ++static_cast<foreign*>(self->manager_ctx)->deleted;
    };
  }

  std::int32_t numbers[6] = {1, 2, 3, 4, 5, 6};
  std::int64_t shape[2] = {2, 3};
  std::int64_t strides[2] = {3, 1};
  deft::dlpack::managed_tensor tensor{};
  int deleted = 0;
};

TEST(Dlpack, ImportsAViewThatKeepsTheTensor) {
  foreign other;
  {
    deft::any_view taken = deft::import_dlpack(&other.tensor);
    EXPECT_EQ(other.numbers, taken.data());
    EXPECT_EQ(6, (taken.as_nd<int, 2>()(1, 2)));
    const deft::any_view part = taken.at(1, deft::slice{{}, {}, -1});
    taken = deft::any_view();
    EXPECT_EQ(0, other.deleted);
    EXPECT_EQ(6, part.as_strided<const int>()[0]);
  }
  EXPECT_EQ(1, other.deleted);
  other.tensor.array.strides = nullptr;
  other.tensor.array.byte_offset = 4;
  other.shape[0] = 1;
  EXPECT_EQ(4, (deft::import_dlpack(&other.tensor).as_nd<int, 2>()(0, 2)));
  other.tensor.deleter = nullptr;
  EXPECT_EQ(6U, deft::import_dlpack(&other.tensor).nbytes() / 2);
}

TEST(Dlpack, TensorsWithoutElementsAreContiguous) {
  foreign other;
  other.tensor.array.ndim = 1;
  other.tensor.array.type = {2, 64, 1};
  other.shape[0] = 0;
  for (std::int64_t* strides : {static_cast<std::int64_t*>(nullptr), other.strides}) {
    other.tensor.array.strides = strides;
    const deft::any_view taken = deft::import_dlpack(&other.tensor);
    EXPECT_TRUE(taken.c_contiguous());
    EXPECT_EQ(8, taken.strides()[0]);
    EXPECT_TRUE(taken.as<const double>().empty());
    EXPECT_EQ(0U, taken.cast("B").count_elements());
  }
  other.tensor.array.ndim = 2;
  other.shape[0] = std::int64_t{1} << 62;
  other.shape[1] = 0;
  EXPECT_TRUE(deft::import_dlpack(&other.tensor).c_contiguous());
}

TEST(Dlpack, StridesThatTakeNoStepAreCompact) {
  std::vector<std::int32_t> numbers(12);
  const deft::view<const std::byte> memory = deft::as_bytes(deft::view<const std::int32_t>(numbers));
  const auto strides_of = [&](std::vector<std::size_t> shape, std::vector<std::ptrdiff_t> strides) {
    auto* const tensor = deft::export_dlpack(deft::any_view::over(memory, "i", shape, strides));
    const std::vector<std::int64_t> found(tensor->array.strides, tensor->array.strides + shape.size());
    drop(tensor);
    return found;
  };
  EXPECT_THAT(strides_of({1}, {5}), ElementsAre(1));
  EXPECT_THAT(strides_of({1, 3}, {-7, 8}), ElementsAre(3, 2));
  EXPECT_THAT(strides_of({3, 1, 4}, {16, std::numeric_limits<std::ptrdiff_t>::max(), 4}),
              ElementsAre(4, 4, 1));
  EXPECT_THAT(strides_of({0, 3}, {5, 5}), ElementsAre(3, 1));
  const auto far =
      deft::view<const std::int32_t>(numbers).slice(1, {}, std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(1U, far.size());
  drop(deft::export_dlpack(deft::any_view(far)));
}

TEST(Dlpack, HostileTensorsAreErrorsAndDeletedOnce) {
  constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();
  const std::pair<void (*)(foreign&), const char*> hostiles[] = {
      {[](foreign& f) { f.tensor.array.where.type = 2; }, "device of type 2"},
      {[](foreign& f) { f.tensor.array.type.lanes = 4; }, "4 lanes"},
      {[](foreign& f) { f.tensor.array.type.bits = 24; }, "24 bits"},
      {[](foreign& f) { f.tensor.array.type.bits = 0; }, "0 bits"},
      {[](foreign& f) { f.tensor.array.type.code = 5; }, "type code 5"},
      {[](foreign& f) { f.tensor.array.ndim = -1; }, "number of dimensions is -1"},
      {[](foreign& f) { f.tensor.array.ndim = 65; }, "number of dimensions is 65"},
      {[](foreign& f) { f.tensor.array.shape = nullptr; }, "shape is a null pointer"},
      {[](foreign& f) { f.tensor.array.data = nullptr; }, "data is a null pointer"},
      {[](foreign& f) { f.shape[1] = -3; }, "extent of a dimension is -3"},
      {[](foreign& f) { f.shape[1] = largest; }, "beyond what memory"},
      {[](foreign& f) { f.strides[0] = largest; }, "beyond what memory"},
      {[](foreign& f) { f.strides[0] = std::numeric_limits<std::int64_t>::min(); }, "beyond what memory"},
      {[](foreign& f) { f.tensor.array.byte_offset = ~std::uint64_t{0}; }, "byte offset is beyond"},
  };
  for (const auto& [spoil, message] : hostiles) {
    foreign other;
    spoil(other);
    EXPECT_THAT(failure([&] { (void)deft::import_dlpack(&other.tensor); }), HasSubstr(message));
    EXPECT_EQ(1, other.deleted) << message;
  }
  EXPECT_THAT(failure([] { (void)deft::import_dlpack(static_cast<deft::dlpack::managed_tensor*>(nullptr)); }),
              HasSubstr("null pointer"));
}

TEST(Dlpack, OtherVersionsAreOnlyDeleted) {
  static int deleted = 0;
  deft::dlpack::managed_tensor_versioned tensor{};
  tensor.abi = {2, 0};
  tensor.deleter = [](deft::dlpack::managed_tensor_versioned*) { ++deleted; };
  EXPECT_THAT(failure([&] { (void)deft::import_dlpack(&tensor); }), HasSubstr("version 2"));
  EXPECT_EQ(1, deleted);
}

}  // namespace
