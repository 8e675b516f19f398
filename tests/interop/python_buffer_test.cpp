// Buffers as PEP 3118 has them, without Python: tests/interop/python has the rest.
#include "deft/interop/python_buffer.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "deft/core/shared_buffer.hpp"
#include "deft/view/any_view.hpp"
#include "deft/view/nd_view.hpp"
#include "deft/view/shared_view.hpp"

namespace {

using ::testing::HasSubstr;

// Py_buffer.
struct buffer {
  void* buf;
  void* obj;
  std::ptrdiff_t len;
  std::ptrdiff_t itemsize;
  int readonly;
  int ndim;
  char* format;
  std::ptrdiff_t* shape;
  std::ptrdiff_t* strides;
  std::ptrdiff_t* suboffsets;
  void* internal;
};

constexpr int simple = 0;
constexpr int writable = 1;
constexpr int format = 4;
constexpr int with_shape = 8;
constexpr int strides = 0x18;
constexpr int c_contiguous = 0x38;
constexpr int f_contiguous = 0x58;
constexpr int any_contiguous = 0x98;
constexpr int full_ro = 0x11c;

template <typename F>
std::string failure(F f) {
  try {
    f();
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return "nothing";
}

TEST(PythonBuffer, HasWhatWasAskedForAndNoMore) {
  std::vector<int> numbers(6);
  const deft::any_view array{deft::nd_view<int, 2>(deft::view<int>(numbers), {2, 3})};
  buffer made{};
  deft::fill_python_buffer(array, &made, full_ro);
  EXPECT_EQ(numbers.data(), made.buf);
  EXPECT_EQ(24, made.len);
  EXPECT_EQ(4, made.itemsize);
  EXPECT_EQ(0, made.readonly);
  EXPECT_EQ(2, made.ndim);
  EXPECT_STREQ("i", made.format);
  EXPECT_EQ(3, made.shape[1]);
  EXPECT_EQ(12, made.strides[0]);
  EXPECT_EQ(nullptr, made.suboffsets);
  deft::release_python_buffer(&made);
  deft::release_python_buffer(&made);
  deft::fill_python_buffer(array, &made, simple);
  EXPECT_EQ(nullptr, made.format);
  EXPECT_EQ(nullptr, made.shape);
  EXPECT_EQ(1, made.ndim);
  deft::release_python_buffer(&made);
  deft::fill_python_buffer(array, &made, with_shape | format);
  EXPECT_NE(nullptr, made.shape);
  EXPECT_EQ(nullptr, made.strides);
  deft::release_python_buffer(&made);
}

TEST(PythonBuffer, RefusesWhatTheArrayIsNot) {
  const std::vector<int> numbers(6);
  const deft::any_view array{deft::nd_view<const int, 2>(deft::view<const int>(numbers), {2, 3})};
  const deft::any_view turned = array.transposed();
  const deft::any_view cut = array.at(deft::full_extent, deft::slice{{}, {}, 2});
  buffer made{};
  const auto refused = [&](const deft::any_view& view, int flags) {
    return failure([&] { deft::fill_python_buffer(view, &made, flags); });
  };
  EXPECT_THAT(refused(array, writable), HasSubstr("for reading only"));
  EXPECT_THAT(refused(array, f_contiguous), HasSubstr("as in Fortran"));
  EXPECT_THAT(refused(turned, c_contiguous), HasSubstr("as in C"));
  EXPECT_THAT(refused(cut, any_contiguous), HasSubstr("not contiguous"));
  EXPECT_THAT(refused(turned, with_shape), HasSubstr("strides are not asked for"));
  EXPECT_EQ(nullptr, made.internal);
  deft::fill_python_buffer(turned, &made, strides);
  EXPECT_EQ(4, made.strides[0]);
  deft::release_python_buffer(&made);
}

// As memoryview does: without a shape a buffer is bytes, and has no format.
TEST(PythonBuffer, RefusesAFormatWithoutAShape) {
  std::vector<int> values{1, 2, 3};
  const deft::any_view array{deft::view<int>(values)};
  buffer made{};
  for (const int flags : {format, format | writable}) {
    EXPECT_THAT(failure([&] { deft::fill_python_buffer(array, &made, flags); }),
                HasSubstr("a format is asked for without a shape"));
  }
  EXPECT_EQ(nullptr, made.internal);
}

TEST(PythonBuffer, KeepsTheOwnerUntilTheRelease) {
  deft::shared_view<double> values(std::vector<double>{1, 2, 3});
  buffer made{};
  deft::fill_python_buffer(deft::any_view(values), &made, full_ro);
  EXPECT_EQ(2U, values.use_count());
  EXPECT_EQ(1, made.readonly);
  deft::release_python_buffer(&made);
  EXPECT_EQ(1U, values.use_count());
}

TEST(PythonBuffer, ComesBackAsAView) {
  std::vector<int> numbers{1, 2, 3, 4, 5, 6};
  const deft::any_view array{deft::nd_view<int, 2>(deft::view<int>(numbers), {2, 3})};
  buffer made{};
  deft::fill_python_buffer(array.transposed(), &made, full_ro);
  const deft::any_view back = deft::from_python_buffer(made, deft::shared_buffer());
  EXPECT_TRUE(back == array.transposed());
  EXPECT_FALSE(back.readonly());
  deft::release_python_buffer(&made);
}

TEST(PythonBuffer, WithoutAShapeItIsBytes) {
  std::vector<int> numbers{1, 2, 3, 4, 5, 6};
  const deft::any_view array{deft::nd_view<int, 2>(deft::view<int>(numbers), {2, 3})};
  for (const int flags : {simple, writable}) {
    buffer made{};
    deft::fill_python_buffer(array, &made, flags);
    const deft::any_view back = deft::from_python_buffer(made, deft::shared_buffer());
    EXPECT_EQ("B", back.format());
    ASSERT_EQ(1U, back.shape().size());
    EXPECT_EQ(24U, back.shape()[0]);
    EXPECT_EQ(1U, back.itemsize());
    EXPECT_EQ(1, back.strides()[0]);
    EXPECT_EQ(3, back.cast("i").as<int>()[2]);
    deft::release_python_buffer(&made);
  }
}

TEST(PythonBuffer, WithoutAFormatElementsHaveOnlyASize) {
  std::vector<int> numbers{1, 2, 3, 4, 5, 6};
  const deft::any_view array{deft::nd_view<int, 2>(deft::view<int>(numbers), {2, 3})};
  buffer made{};
  deft::fill_python_buffer(array, &made, with_shape);
  const deft::any_view back = deft::from_python_buffer(made, deft::shared_buffer());
  EXPECT_EQ("4x", back.format());
  EXPECT_EQ(4U, back.itemsize());
  ASSERT_EQ(2U, back.shape().size());
  EXPECT_EQ(3U, back.shape()[1]);
  EXPECT_TRUE(back.c_contiguous());
  deft::release_python_buffer(&made);
  std::vector<unsigned char> bytes(6);
  deft::fill_python_buffer(deft::any_view(deft::view<unsigned char>(bytes)), &made, with_shape);
  EXPECT_EQ("B", deft::from_python_buffer(made, deft::shared_buffer()).format());
  deft::release_python_buffer(&made);
}

TEST(PythonBuffer, ShapesWithoutElementsFitInAnyOrder) {
  constexpr std::ptrdiff_t large = std::ptrdiff_t{1} << 40;
  char letter[] = "i";
  for (std::vector<std::ptrdiff_t> shape :
       {std::vector{large, large, std::ptrdiff_t{0}}, std::vector{std::ptrdiff_t{0}, large, large}}) {
    const buffer empty{nullptr, nullptr, 0, 4, 0, 3, letter, shape.data(), nullptr, nullptr, nullptr};
    EXPECT_EQ(0U, deft::from_python_buffer(empty, deft::shared_buffer()).count_elements());
  }
}

TEST(PythonBuffer, HostileBuffersAreErrors) {
  std::vector<int> numbers(6);
  std::ptrdiff_t shape[] = {2, 3};
  char letter[] = "i";
  const buffer good{numbers.data(), nullptr, 24, 4, 0, 2, letter, shape, nullptr, nullptr, nullptr};
  EXPECT_EQ(6U, deft::from_python_buffer(good, deft::shared_buffer()).count_elements());
  const std::pair<void (*)(buffer&), const char*> hostiles[] = {
      {[](buffer& b) { b.ndim = -1; }, "number of dimensions is -1"},
      {[](buffer& b) { b.ndim = 65; }, "number of dimensions is 65"},
      {[](buffer& b) { b.itemsize = 0; }, "size of an element is 0"},
      {[](buffer& b) { b.itemsize = -4; }, "size of an element is -4"},
      {[](buffer& b) { b.len = -1; }, "length is -1"},
      {[](buffer& b) { b.len = 23; }, "not that of the shape"},
      {[](buffer& b) { b.buf = nullptr; }, "data is a null pointer"},
      {[](buffer& b) { b.shape = nullptr; }, "null pointer for the shape"},
      {[](buffer& b) { b.shape[0] = -2; }, "extent of a dimension is -2"},
      {[](buffer& b) { b.shape[0] = std::numeric_limits<std::ptrdiff_t>::max(); },
       "more elements than memory"},
      {[](buffer& b) { b.format[0] = 'd'; }, "item size 4"},
  };
  for (const auto& [spoil, message] : hostiles) {
    std::ptrdiff_t its_shape[] = {2, 3};
    char its_format[] = "i";
    buffer bad = good;
    bad.shape = its_shape;
    bad.format = its_format;
    spoil(bad);
    EXPECT_THAT(failure([&] { (void)deft::from_python_buffer(bad, deft::shared_buffer()); }),
                HasSubstr(message));
  }
}

}  // namespace
