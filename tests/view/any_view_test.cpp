#include "deft/view/any_view.hpp"

#include <array>
#include <cstdint>
#include <cstring>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "deft/view/bulk.hpp"

namespace {

using deft::any_value;
using deft::any_view;
using deft::ellipsis;
using deft::full_extent;
using deft::new_axis;
using deft::shared_view;
using deft::slice;
using deft::view;

std::vector<int> numbers(int size) {
  std::vector<int> made(static_cast<std::size_t>(size));
  std::iota(made.begin(), made.end(), 0);
  return made;
}

std::vector<int> values(const any_view& v) {
  std::vector<int> found;
  for (const any_value& value : v.tolist()) found.push_back(value.as<int>());
  return found;
}

using extents = std::vector<std::size_t>;
using steps = std::vector<std::ptrdiff_t>;

TEST(AnyView, KnowsWhatMemoryviewKnows) {
  std::vector<int> owner = numbers(6);
  const any_view v = view<int>(owner);
  EXPECT_EQ(v.format(), "i");
  EXPECT_EQ(v.itemsize(), 4u);
  EXPECT_EQ(v.ndim(), 1u);
  EXPECT_EQ(v.shape(), extents{6});
  EXPECT_EQ(v.strides(), steps{4});
  EXPECT_EQ(v.suboffsets(), steps{-1});
  EXPECT_EQ(v.nbytes(), 24u);
  EXPECT_EQ(v.size(), 6u);
  EXPECT_FALSE(v.readonly());
  EXPECT_TRUE(v.c_contiguous() && v.f_contiguous() && v.contiguous());
  EXPECT_FALSE(v.has_suboffsets());
  EXPECT_EQ(v.data(), owner.data());
  EXPECT_TRUE(any_view(view<const int>(owner)).readonly());
  EXPECT_EQ(any_view().nbytes(), 0u);
}

TEST(AnyView, TypesHaveThePythonLetterOfTheirKind) {
  const auto letter = []<typename T>(T) { return std::string(any_view(view<T>()).format()); };
  EXPECT_EQ(letter('c') + letter(std::int8_t()) + letter(std::uint8_t()) + letter(std::byte()) + letter(true),
            "cbBB?");
  EXPECT_EQ(letter(std::int16_t()) + letter(std::uint32_t()) + letter(1L) + letter(1ULL) + letter(1.0f) +
                letter(1.0),
            "hIlQfd");
}

TEST(AnyView, ReadsAndWritesElementsByPosition) {
  std::vector<int> owner = numbers(6);
  const any_view v = any_view(view<int>(owner)).cast("B").cast("i", {2, 3});
  EXPECT_EQ(v.get(1, 2), 5);
  EXPECT_EQ(v.get(-1, -3), 3);
  v.set({0, 1}, 42);
  EXPECT_EQ(owner[1], 42);
  EXPECT_THROW((void)v.get(2, 0), std::out_of_range);
  EXPECT_THROW((void)v.get(0, -4), std::out_of_range);
  EXPECT_THROW((void)v.get(0), std::invalid_argument);
  EXPECT_THROW((void)v.get(0, 0, 0), std::invalid_argument);
  EXPECT_THROW(v.set({0, 0}, 1.5), std::invalid_argument);
  EXPECT_THROW(v.set({0, 0}, "x"), std::invalid_argument);
  EXPECT_THROW(v.set({0, 0}, 1LL << 40), std::out_of_range);
  EXPECT_THROW(v.to_readonly().set({0, 0}, 1), std::invalid_argument);
  EXPECT_EQ(owner[0], 0);
}

TEST(AnyView, ReadsEveryFormatInEveryByteOrder) {
  struct format_case {
    const char* format;
    std::vector<unsigned char> bytes;
    any_value value;
  };

  const std::vector<format_case> cases{
      {"<h", {0x01, 0xff}, -255},
      {">h", {0xff, 0x01}, -255},
      {"!H", {0x01, 0x02}, 258},
      {"=B", {200}, 200},
      {"b", {200}, -56},
      {">i", {0x80, 0, 0, 0}, std::numeric_limits<std::int32_t>::min()},
      {"<l", {1, 0, 0, 0}, 1},  // standard size
      {">Q", {255, 255, 255, 255, 255, 255, 255, 255}, std::numeric_limits<std::uint64_t>::max()},
      {">q", {255, 255, 255, 255, 255, 255, 255, 255}, -1},
      {">f", {0x3f, 0x80, 0, 0}, 1.0},
      {"<d", {0, 0, 0, 0, 0, 0, 0xf0, 0x3f}, 1.0},
      {">e", {0x3c, 0x00}, 1.0},
      {">e", {0x00, 0x01}, 0x1p-24},
      {">e", {0xfc, 0x00}, -std::numeric_limits<double>::infinity()},
      {"?", {2}, true},
      {"c", {'x'}, "x"},
      {"3s", {'a', 'b', 'c'}, "abc"},
      {"@H", {1, 1}, 257},
  };
  for (const format_case& c : cases) {
    std::vector<unsigned char> memory = c.bytes;
    const extents one{1};
    const any_view v = any_view::over(deft::as_writable_bytes(view(memory)), c.format, one);
    EXPECT_EQ(v.itemsize(), c.bytes.size()) << c.format;
    EXPECT_EQ(v.get(0), c.value) << c.format;
    std::fill(memory.begin(), memory.end(), static_cast<unsigned char>(0));
    v.set({0}, c.value);
    if (std::string(c.format) != "?") {
      EXPECT_EQ(memory, c.bytes) << c.format;
    }
  }
}

TEST(AnyView, RefusesFormatsThatNameNoElement) {
  const std::array<std::byte, 64> memory{};
  const extents one{1};
  for (const char* format :
       {"", "@", "x", "ii", "2i", "T{i:a:}", "<n", ">P", "z", "0s", "99999999999s", "<<i"}) {
    EXPECT_THROW((void)any_view::over(view(memory), format, one), std::invalid_argument) << format;
  }
}

TEST(AnyView, NumbersThatAFormatCannotHoldAreRefusedAndNothingIsWritten) {
  std::array<std::byte, 8> memory{};
  const extents one{1};
  const auto of = [&](const char* format) { return any_view::over(view(memory), format, one); };
  EXPECT_THROW(of("b").set({0}, 128), std::out_of_range);
  EXPECT_THROW(of("b").set({0}, -129), std::out_of_range);
  EXPECT_THROW(of("B").set({0}, -1), std::out_of_range);
  EXPECT_THROW(of("H").set({0}, 65536), std::out_of_range);
  EXPECT_THROW(of("q").set({0}, std::uint64_t{1} << 63), std::out_of_range);
  EXPECT_THROW(of("e").set({0}, 65520.0), std::out_of_range);
  EXPECT_THROW(of("d").set({0}, "1"), std::invalid_argument);
  EXPECT_THROW(of("c").set({0}, "ab"), std::invalid_argument);
  EXPECT_EQ(memory, (std::array<std::byte, 8>{}));
  of("b").set({0}, -128);
  of("Q").set({0}, std::numeric_limits<std::uint64_t>::max());
  of("q").set({0}, std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(of("q").get(0), std::numeric_limits<std::int64_t>::min());
  of("?").set({0}, 2.5);
  EXPECT_EQ(of("B").get(0), 1);
  of("f").set({0}, 1e300);
  EXPECT_EQ(of("f").get(0), std::numeric_limits<double>::infinity());
}

TEST(AnyView, SlicesTheFirstDimensionAsMemoryview) {
  const std::vector<int> owner = numbers(10);
  const any_view v = view<const int>(owner);
  EXPECT_EQ(values(v.slice(1, -1, 3)), (std::vector<int>{1, 4, 7}));
  EXPECT_EQ(v.slice(1, -1, 3).strides(), steps{12});
  EXPECT_EQ(values(v.reversed()), (std::vector<int>{9, 8, 7, 6, 5, 4, 3, 2, 1, 0}));
  EXPECT_EQ(v.slice(99).nbytes(), 0u);
  EXPECT_THROW((void)v.slice(0, 1, 0), std::invalid_argument);
  EXPECT_THROW((void)v.slice(0, 4).cast("B", {}).slice(0), std::invalid_argument);
}

TEST(AnyView, SlicesAllDimensionsAsNumpy) {
  const std::vector<int> owner = numbers(24);
  const any_view v = any_view(view<const int>(owner)).cast("B").cast("i", {2, 3, 4});
  EXPECT_EQ(values(v.at(1, slice{{}, {}, -1}, slice{1, 3})), (std::vector<int>{21, 22, 17, 18, 13, 14}));
  EXPECT_EQ(values(v.at(ellipsis, 2)), (std::vector<int>{2, 6, 10, 14, 18, 22}));
  EXPECT_EQ(v.at(new_axis, 0, ellipsis, new_axis).shape(), (extents{1, 3, 4, 1}));
  EXPECT_EQ(v.at(1, 2, 3).ndim(), 0u);
  EXPECT_EQ(v.at(1, 2, 3).get(), 23);
  EXPECT_EQ(v.at(full_extent, 0).transposed().shape(), (extents{4, 2}));
  EXPECT_THROW((void)v.at(2), std::out_of_range);
  EXPECT_THROW((void)v.at(0, 0, 0, 0), std::invalid_argument);
  EXPECT_THROW((void)v.at(ellipsis, ellipsis), std::invalid_argument);
  EXPECT_THROW((void)v.at(slice{0, 1, 0}), std::invalid_argument);
}

TEST(AnyView, CastsByMemoryviewsRules) {
  std::vector<int> owner = numbers(6);
  const any_view v = view<int>(owner);
  EXPECT_EQ(v.cast("B").shape(), extents{24});
  EXPECT_EQ(v.cast("B").cast("h", {3, 4}).strides(), (steps{8, 2}));
  EXPECT_EQ(v.cast("B").cast("<I", {2, 3}).get(1, 0), 3);
  EXPECT_THROW((void)v.cast("f"), std::invalid_argument);                            // neither is bytes
  EXPECT_THROW((void)v.slice({}, {}, 2).cast("B"), std::invalid_argument);           // gaps
  EXPECT_THROW((void)v.cast("B").slice(1).cast("h"), std::invalid_argument);         // 23 bytes
  EXPECT_THROW((void)v.cast("B").cast("i", {5}), std::invalid_argument);             // another size
  EXPECT_THROW((void)v.cast("B", {4, 6}).cast("B", {6, 4}), std::invalid_argument);  // several to several
  EXPECT_THROW((void)v.cast("B", {0, 24}), std::invalid_argument);
  EXPECT_THROW((void)v.cast("zz"), std::invalid_argument);
  EXPECT_THROW((void)v.cast("B", {std::size_t{1} << 32, std::size_t{1} << 32, 24}), std::invalid_argument);
}

TEST(AnyView, CopiesBytesInEitherOrder) {
  const std::vector<std::uint8_t> owner{0, 1, 2, 3, 4, 5};
  const any_view v = any_view(view<const std::uint8_t>(owner)).cast("B", {2, 3});
  EXPECT_EQ(v.hex(), "000102030405");
  EXPECT_EQ(deft::view(v.tobytes('F').data(), 6).hex(), "000301040205");
  EXPECT_EQ(deft::view(v.transposed().tobytes('A').data(), 6).hex(), "000102030405");
  EXPECT_EQ(v.transposed().hex(" ", 3), "000301 040205");
  EXPECT_THROW((void)v.tobytes('X'), std::invalid_argument);
}

TEST(AnyView, AssignsAsIfFromACopy) {
  std::vector<int> owner = numbers(6);
  const any_view v = view<int>(owner);
  v.slice(1).assign(v.slice({}, -1));
  EXPECT_EQ(owner, (std::vector<int>{0, 0, 1, 2, 3, 4}));
  v.assign(v.reversed());
  EXPECT_EQ(owner, (std::vector<int>{4, 3, 2, 1, 0, 0}));
  EXPECT_THROW(v.assign(v.slice(1)), std::invalid_argument);
  EXPECT_THROW(v.cast("B").assign(v), std::invalid_argument);
  EXPECT_THROW(v.to_readonly().assign(v), std::invalid_argument);
}

TEST(AnyView, ComparesValuesWhateverTheFormats) {
  const std::vector<int> ints{1, 2, 97};
  const std::vector<double> doubles{1, 2, 97};
  const std::vector<std::uint8_t> bytes{1, 2, 97};
  const std::vector<char> chars{1, 2, 97};
  EXPECT_TRUE(any_view(view(ints)) == any_view(view(doubles)));
  EXPECT_TRUE(any_view(view(ints)) == any_view(view(bytes)));
  EXPECT_FALSE(any_view(view(chars)) == any_view(view(bytes)));  // bytes are no numbers
  EXPECT_FALSE(any_view(view(ints)) == any_view(view(ints)).slice(1));
  EXPECT_FALSE(any_view(view(bytes)).cast("B", {3, 1}) == any_view(view(bytes)));
  const std::vector<double> nan{std::numeric_limits<double>::quiet_NaN()};
  EXPECT_FALSE(any_view(view(nan)) == any_view(view(nan)));
  EXPECT_TRUE(any_value(std::uint64_t{1} << 63) == any_value(0x1p63));
  EXPECT_FALSE(any_value((std::int64_t{1} << 53) + 1) == any_value(0x1p53));  // exactly
  EXPECT_FALSE(any_value(-1) == any_value(std::numeric_limits<std::uint64_t>::max()));
  EXPECT_TRUE(any_value(true) == any_value(1.0));
}

TEST(AnyView, IsASequenceOfOneDimension) {
  const std::vector<int> owner{3, 1, 3, 2};
  const any_view v = view<const int>(owner);
  EXPECT_EQ(v.count(3), 2u);
  EXPECT_EQ(v.index(3.0), 0u);
  EXPECT_EQ(v.index(3, 1), 2u);
  EXPECT_TRUE(v.contains(2));
  EXPECT_FALSE(v.contains("x"));
  EXPECT_THROW((void)v.index(3, 3), std::out_of_range);
  EXPECT_THROW((void)v.cast("B", {4, 4}).count(1), std::invalid_argument);
}

TEST(AnyView, HashesBytesForReadingOnly) {
  std::vector<unsigned char> owner{1, 2, 3, 2, 1};
  const any_view v = view<const unsigned char>(owner);
  EXPECT_EQ(v.hash(), deft::hash_bytes(owner.data(), 5, deft::hash_seed()));
  EXPECT_EQ(v.reversed().hash(), v.hash());
  EXPECT_THROW((void)any_view(view<unsigned char>(owner)).hash(), std::invalid_argument);
  EXPECT_THROW((void)v.slice(0, 4).cast("i").hash(), std::invalid_argument);
}

TEST(AnyView, KeepsTheOwnerUntilItIsReleased) {
  const shared_view v(numbers(6));
  any_view part = any_view(v).slice(1, 4).at(slice{{}, {}, -1});
  EXPECT_EQ(v.use_count(), 2u);
  EXPECT_EQ(values(part), (std::vector<int>{3, 2, 1}));
  EXPECT_TRUE(part.readonly());
  part.release();
  EXPECT_EQ(v.use_count(), 1u);
  EXPECT_TRUE(part.released());
  EXPECT_THROW((void)part.get(0), std::invalid_argument);
  EXPECT_THROW((void)part.shape(), std::invalid_argument);
  EXPECT_THROW((void)part.tobytes(), std::invalid_argument);
  EXPECT_FALSE(part == any_view(v));
  EXPECT_TRUE(part == part);
  part.release();
}

TEST(AnyView, LooksOnlyAtMemoryThatIsThere) {
  std::array<std::byte, 24> memory{};
  const view<const std::byte> bytes(memory);
  const auto over = [&](extents shape, steps strides, std::size_t offset) {
    return any_view::over(bytes, "i", shape, strides, offset);
  };
  EXPECT_EQ(over({6}, {}, 0).nbytes(), 24u);
  EXPECT_EQ(over({3}, {-8}, 20).nbytes(), 12u);
  EXPECT_EQ(over({2, 3}, {4, 8}, 0).nbytes(), 24u);
  EXPECT_EQ(over({100}, {0}, 20).nbytes(), 400u);
  EXPECT_EQ(over({0, 9}, {99999, 7}, 24).nbytes(), 0u);
  EXPECT_THROW((void)over({7}, {}, 0), std::invalid_argument);
  EXPECT_THROW((void)over({6}, {}, 1), std::invalid_argument);
  EXPECT_THROW((void)over({3}, {-8}, 15), std::invalid_argument);
  EXPECT_THROW((void)over({2}, {PTRDIFF_MAX}, 0), std::invalid_argument);
  EXPECT_THROW((void)over({2}, {PTRDIFF_MIN}, 0), std::invalid_argument);
  EXPECT_THROW((void)over({SIZE_MAX}, {0}, 0), std::invalid_argument);
  EXPECT_THROW((void)over({SIZE_MAX / 2, SIZE_MAX / 2}, {0, 0}, 0), std::invalid_argument);
  EXPECT_THROW((void)over({0}, {4}, 25), std::invalid_argument);
  EXPECT_THROW((void)over({2, 3}, {4}, 0), std::invalid_argument);
  EXPECT_THROW((void)over(extents(65, 1), {}, 0), std::invalid_argument);
}

TEST(AnyView, FollowsThePointersOfSuboffsets) {
  // As the Python Imaging Library lays images out: an array of pointers to rows.
  std::array<std::array<int, 3>, 2> rows{{{0, 1, 2}, {3, 4, 5}}};
  std::array<int*, 2> pointers{rows[0].data(), rows[1].data()};
  const extents shape{2, 3};
  const any_view v =
      any_view::of_buffer(pointers.data(), "i", 4, shape, steps{sizeof(int*), 4}, steps{0, -1}, false);
  EXPECT_TRUE(v.has_suboffsets());
  EXPECT_FALSE(v.c_contiguous());
  EXPECT_EQ(values(v), numbers(6));
  EXPECT_EQ(v.get(1, 2), 5);
  EXPECT_EQ(values(v.at(slice{{}, {}, -1}, slice{1, {}})), (std::vector<int>{4, 5, 1, 2}));
  EXPECT_EQ(values(v.at(1)), (std::vector<int>{3, 4, 5}));
  EXPECT_FALSE(v.at(1).has_suboffsets());
  EXPECT_EQ(values(v.at(full_extent, 1)), (std::vector<int>{1, 4}));
  v.set({1, 0}, 9);
  EXPECT_EQ(rows[1][0], 9);
  EXPECT_THROW((void)(v.as_nd<int, 2>()), std::invalid_argument);
  EXPECT_THROW((void)v.transposed(), std::invalid_argument);
}

TEST(AnyView, ShowsUnknownFormatsAsBytes) {
  struct record {
    int id;
    float price;
  };

  std::array<record, 2> records{{{1, 1.5f}, {2, 2.5f}}};
  const any_view v =
      any_view::of_buffer(records.data(), "T{i:id:f:price:}", 8, extents{2}, steps{8}, {}, false);
  EXPECT_EQ(v.nbytes(), 16u);
  EXPECT_EQ(v.slice(1).tobytes().size(), 8u);
  EXPECT_THROW((void)v.get(0), std::invalid_argument);
  EXPECT_THROW((void)v.tolist(), std::invalid_argument);
  EXPECT_FALSE(v == v);  // as memoryview
  EXPECT_EQ(v.cast("B").cast("i").get(2), 2);
  EXPECT_THROW((void)any_view::of_buffer(records.data(), "i", 8, extents{2}, steps{8}, {}, false),
               std::invalid_argument);
}

TEST(AnyView, GivesTypedViewsIfTheFormatFits) {
  std::vector<int> owner = numbers(12);
  const any_view v = view<int>(owner);
  EXPECT_EQ(v.as<int>().data(), owner.data());
  EXPECT_EQ(v.as<const int>().size(), 12u);
  EXPECT_EQ(v.slice({}, {}, -3).as_strided<int>().tolist(), (std::vector<int>{11, 8, 5, 2}));
  const auto m = v.cast("B").cast("i", {3, 4}).as_nd<int, 2>();
  EXPECT_EQ(m(2, 1), 9);
  EXPECT_EQ((any_view(m.transposed()).as_nd<int, 2>()(1, 2)), 9);
  EXPECT_THROW((void)v.as<unsigned>(), std::invalid_argument);
  EXPECT_THROW((void)v.as<float>(), std::invalid_argument);
  EXPECT_THROW((void)v.slice({}, {}, 2).as<int>(), std::invalid_argument);
  EXPECT_THROW((void)v.to_readonly().as<int>(), std::invalid_argument);
  EXPECT_THROW((void)(v.as_nd<int, 2>()), std::invalid_argument);
  EXPECT_THROW((void)v.cast("B").slice(1, 5).cast("i").as<int>(), std::invalid_argument);  // not aligned
  EXPECT_EQ(any_view(view<long>()).as<long long>().size(), 0u);  // one kind, one size
}

TEST(AnyValue, GivesNumbersThatFit) {
  EXPECT_EQ(any_value(5).as<std::uint8_t>(), 5);
  EXPECT_EQ(any_value(5.0).as<int>(), 5);
  EXPECT_EQ(any_value(5).as<double>(), 5.0);
  EXPECT_THROW((void)any_value(300).as<std::uint8_t>(), std::invalid_argument);
  EXPECT_THROW((void)any_value(-1).as<unsigned>(), std::invalid_argument);
  EXPECT_THROW((void)any_value(5.5).as<int>(), std::invalid_argument);
  EXPECT_THROW((void)any_value(1e300).as<std::int64_t>(), std::invalid_argument);
  EXPECT_THROW((void)any_value("x").as<int>(), std::invalid_argument);
  EXPECT_THROW((void)any_value(1).as<bool>(), std::invalid_argument);
  EXPECT_THROW((void)any_value(1).bytes(), std::invalid_argument);
  EXPECT_EQ(any_value("x").bytes(), "x");
  EXPECT_THROW((void)any_value(std::numeric_limits<std::uint64_t>::max()).as<std::int64_t>(),
               std::invalid_argument);
}

TEST(AnyView, BytesThatAreNoBoolsAreNotShownAsBools) {
  std::array<std::byte, 4> bytes{std::byte{1}, std::byte{0}, std::byte{2}, std::byte{1}};
  const any_view all = any_view(view<std::byte>(bytes)).cast("?");
  EXPECT_THROW((void)all.as<const bool>(), std::invalid_argument);
  EXPECT_THROW((void)all.as_strided<const bool>(), std::invalid_argument);
  EXPECT_THROW((void)(all.cast("B").cast("?", {2, 2}).as_nd<const bool, 2>()), std::invalid_argument);
  EXPECT_EQ(all.slice(0, 2).as<const bool>().tolist(), (std::vector<bool>{true, false}));
  EXPECT_EQ(all.slice({}, {}, 3).as_strided<const bool>().size(), 2u);
}

TEST(AnyView, BytesAreNotShownAsBoolsThatCanBeWritten) {
  std::array<std::byte, 2> bytes{};
  EXPECT_THROW((void)any_view(view<std::byte>(bytes)).cast("?").as<bool>(), std::invalid_argument);
  std::array<bool, 4> bools{true, false, true, false};
  const any_view v{view<bool>(bools)};
  v.as<bool>()[1] = true;
  v.slice({}, {}, -1).as_strided<bool>()[0] = true;
  EXPECT_EQ(bools, (std::array<bool, 4>{true, true, true, true}));
  EXPECT_THROW((void)v.cast("B").cast("?").as<bool>(), std::invalid_argument);
}

TEST(AnyView, IsMadeOfStridesThatBelongToOneElement) {
  std::vector<int> owner = numbers(3);
  const auto last = view<int>(owner).slice(1, {}, std::numeric_limits<std::ptrdiff_t>::max());
  EXPECT_EQ(values(any_view(last)), std::vector<int>{1});
  const auto array = deft::nd_view<int, 1>(last);
  EXPECT_EQ(values(any_view(array)), std::vector<int>{1});
}

TEST(AnyView, OfNoElementsMayHaveAnyOtherExtents) {
  const std::size_t large = std::size_t{1} << 40;
  for (const extents& shape : {extents{large, large, 0}, extents{0, large, large}}) {
    EXPECT_EQ(any_view::over(view<const std::byte>(), "d", shape).nbytes(), 0u);
  }
}

}  // namespace
