#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "store/schema.hpp"

namespace deft::store {

/// Thrown here, caught in read_document, never further: "$.benchmarks[3].name: expected a string, found
/// null".
struct mismatch {
  std::string message;
};

inline std::string kind_of(const nlohmann::json& value) {
  switch (value.type()) {
    case nlohmann::json::value_t::null:
      return "null";
    case nlohmann::json::value_t::object:
      return "an object";
    case nlohmann::json::value_t::array:
      return "an array";
    case nlohmann::json::value_t::string:
      return "a string";
    case nlohmann::json::value_t::boolean:
      return value.get<bool>() ? "true" : "false";
    default:
      return value.dump();
  }
}

/// A value of a JSON document together with the way to it, so that an error can say where.
class node {
 public:
  node(const nlohmann::json& value, std::string path) : value_(&value), path_(std::move(path)) {}

  [[noreturn]] void fail(std::string_view expected) const {
    throw mismatch{path_ + ": expected " + std::string(expected) + ", found " + kind_of(*value_)};
  }

  bool has(const char* key) const { return object().contains(key); }

  node operator[](const char* key) const {
    const auto found = object().find(key);
    if (found == value_->end()) throw mismatch{path_ + ": \"" + key + "\" is missing"};
    return {*found, path_ + "." + key};
  }

  bool is_null() const noexcept { return value_->is_null(); }

  std::size_t size() const {
    if (!value_->is_array()) fail("an array");
    return value_->size();
  }

  /// `index` is below size().
  node at(std::size_t index) const { return {(*value_)[index], path_ + "[" + std::to_string(index) + "]"}; }

  /// `index` is below size().
  bool is_null_at(std::size_t index) const { return (*value_)[index].is_null(); }

  /// What `at(index).read(out)` reads, in long lists: the way to it is put together for an error only.
  void read_at(std::size_t index, std::uint64_t& out) const {
    const nlohmann::json& value = (*value_)[index];
    if (!value.is_number_unsigned()) at(index).read(out);
    out = value.get<std::uint64_t>();
  }

  void read(std::string& out) const {
    if (!value_->is_string()) fail("a string");
    out = value_->get<std::string>();
  }

  void read(bool& out) const {
    if (!value_->is_boolean()) fail("true or false");
    out = value_->get<bool>();
  }

  void read(std::uint64_t& out) const {
    if (!value_->is_number_unsigned()) fail("a whole number of at least 0");
    out = value_->get<std::uint64_t>();
  }

  void read(std::uint32_t& out) const {
    std::uint64_t wide = 0;
    read(wide);
    if (wide > std::numeric_limits<std::uint32_t>::max()) fail("a whole number below 2^32");
    out = static_cast<std::uint32_t>(wide);
  }

  void read(double& out, double null_means = std::numeric_limits<double>::quiet_NaN()) const {
    if (value_->is_null()) {
      out = null_means;
    } else if (value_->is_number()) {
      out = value_->get<double>();
    } else {
      fail("a number or null");
    }
  }

  template <class Enum, std::size_t N>
  void read(Enum& out, const words<Enum, N>& known) const {
    std::string expected = "one of";
    for (const auto& [value, text] : known) {
      if (*value_ == text) {
        out = value;
        return;
      }
      expected.append(" \"").append(text).append("\"");
    }
    fail(expected);
  }

 private:
  const nlohmann::json& object() const {
    if (!value_->is_object()) fail("an object");
    return *value_;
  }

  const nlohmann::json* value_;
  std::string path_;
};

/// Each element by `read_one(node, element)`.
template <class T, class ReadOne>
void read_all(const node& array, std::vector<T>& out, ReadOne read_one) {
  const std::size_t count = array.size();
  out.resize(count);
  for (std::size_t i = 0; i < count; ++i) read_one(array.at(i), out[i]);
}

inline void expect_size(const node& array, std::size_t size, std::string_view expected) {
  if (array.size() != size) array.fail(expected);
}

}  // namespace deft::store
