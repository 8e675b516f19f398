#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <protozero/pbf_reader.hpp>

namespace deft::formats {

/// Thrown by a reader, caught in from_pprof, never further.
struct malformed {
  std::string message;
};

/// One message of a protocol buffer, field by field. Whatever the bytes are, it fails with the byte at which
/// they stop making sense, and never reads outside of them.
class protobuf_reader {
 public:
  /// `whole` is what bytes are counted in; `bytes` the message, a part of it.
  protobuf_reader(std::string_view whole, std::string_view bytes, const char* name)
      : whole_(whole), name_(name), reader_(bytes.data(), bytes.size()) {}

  /// To the next field; false at the end.
  bool next() {
    return guarded([&] { return reader_.next(); });
  }

  std::uint32_t field() const { return reader_.tag(); }

  /// One of these, once, after next().
  std::uint64_t number() {
    expect(protozero::pbf_wire_type::varint, "a number");
    return guarded([&] { return reader_.get_uint64(); });
  }

  std::int64_t signed_number() { return static_cast<std::int64_t>(number()); }

  std::string_view bytes() {
    expect(protozero::pbf_wire_type::length_delimited, "a length and bytes");
    const protozero::data_view view = guarded([&] { return reader_.get_view(); });
    return {view.data(), view.size()};
  }

  protobuf_reader message(const char* name) { return {whole_, bytes(), name}; }

  /// A field that may come several times or packed into one.
  template <class Each>
  void numbers(Each each) {
    if (reader_.wire_type() == protozero::pbf_wire_type::varint) {
      each(number());
      return;
    }
    const std::string_view packed = bytes();
    const char* at = packed.data();
    const char* const end = at + packed.size();
    while (at != end) each(guarded([&] { return protozero::decode_varint(&at, end); }));
  }

  void skip() {
    guarded([&] {
      reader_.skip();
      return 0;
    });
  }

  [[noreturn]] void fail(const std::string& what) const {
    const auto position = reader_.data().data() - whole_.data();
    throw malformed{"byte " + std::to_string(position) + ", in a " + name_ + ": " + what};
  }

 private:
  void expect(protozero::pbf_wire_type type, const char* what) const {
    if (reader_.wire_type() != type)
      fail("expected " + std::string(what) + " in field " + std::to_string(field()));
  }

  template <class Read>
  auto guarded(Read read) -> decltype(read()) {
    try {
      return read();
    } catch (const protozero::end_of_buffer_exception&) {
      fail("it is cut off");
    } catch (const protozero::exception&) {
      fail("not a protocol buffer");
    }
  }

  std::string_view whole_;
  const char* name_;
  protozero::pbf_reader reader_;
};

}  // namespace deft::formats
