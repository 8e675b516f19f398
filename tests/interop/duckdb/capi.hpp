// The few functions of DuckDB's C API that the test calls, out of a library that is loaded while it runs: the
// package has no header.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

#include <dlfcn.h>

#include "deft/interop/arrow_abi.hpp"

namespace deft_test::duckdb {

using idx = std::uint64_t;
using handle = void*;

struct result {
  idx column_count;
  idx row_count;
  idx rows_changed;
  void* columns;
  char* error_message;
  void* internal;
};

class api {
 public:
  explicit api(const char* path) : library_(dlopen(path, RTLD_NOW | RTLD_LOCAL)) {
    if (library_ == nullptr) return;
    find(open, "duckdb_open");
    find(close, "duckdb_close");
    find(connect, "duckdb_connect");
    find(disconnect, "duckdb_disconnect");
    find(query, "duckdb_query");
    find(destroy_result, "duckdb_destroy_result");
    find(result_error, "duckdb_result_error");
    find(value_varchar, "duckdb_value_varchar");
    find(free_memory, "duckdb_free");
    find(row_count, "duckdb_row_count");
    find(column_count, "duckdb_column_count");
    find(column_name, "duckdb_column_name");
    find(column_logical_type, "duckdb_column_logical_type");
    find(destroy_logical_type, "duckdb_destroy_logical_type");
    find(arrow_scan, "duckdb_arrow_scan");
    find(schema_from_arrow, "duckdb_schema_from_arrow");
    find(chunk_from_arrow, "duckdb_data_chunk_from_arrow");
    find(destroy_converted_schema, "duckdb_destroy_arrow_converted_schema");
    find(chunk_vector, "duckdb_data_chunk_get_vector");
    find(chunk_size, "duckdb_data_chunk_get_size");
    find(vector_data, "duckdb_vector_get_data");
    find(vector_validity, "duckdb_vector_get_validity");
    find(destroy_chunk, "duckdb_destroy_data_chunk");
    find(fetch_chunk, "duckdb_fetch_chunk");
    find(arrow_options, "duckdb_result_get_arrow_options");
    find(destroy_arrow_options, "duckdb_destroy_arrow_options");
    find(to_arrow_schema, "duckdb_to_arrow_schema");
    find(chunk_to_arrow, "duckdb_data_chunk_to_arrow");
    find(error_message, "duckdb_error_data_message");
    find(destroy_error, "duckdb_destroy_error_data");
  }

  api(const api&) = delete;
  api& operator=(const api&) = delete;

  // Not unloaded: its threads may still be on their way out.
  ~api() = default;

  explicit operator bool() const { return library_ != nullptr; }

  /// Throws what an error says, if it is one.
  void check(handle error) const {
    if (error == nullptr) return;
    const std::string message = error_message(error);
    destroy_error(&error);
    throw std::runtime_error(message);
  }

  int (*open)(const char*, handle*) = nullptr;
  void (*close)(handle*) = nullptr;
  int (*connect)(handle, handle*) = nullptr;
  void (*disconnect)(handle*) = nullptr;
  int (*query)(handle, const char*, result*) = nullptr;
  void (*destroy_result)(result*) = nullptr;
  const char* (*result_error)(result*) = nullptr;
  char* (*value_varchar)(result*, idx column, idx row) = nullptr;
  void (*free_memory)(void*) = nullptr;
  idx (*row_count)(result*) = nullptr;
  idx (*column_count)(result*) = nullptr;
  const char* (*column_name)(result*, idx) = nullptr;
  handle (*column_logical_type)(result*, idx) = nullptr;
  void (*destroy_logical_type)(handle*) = nullptr;
  int (*arrow_scan)(handle connection, const char* name, ArrowArrayStream*) = nullptr;
  handle (*schema_from_arrow)(handle connection, ArrowSchema*, handle* converted) = nullptr;
  handle (*chunk_from_arrow)(handle connection, ArrowArray*, handle converted, handle* chunk) = nullptr;
  void (*destroy_converted_schema)(handle*) = nullptr;
  handle (*chunk_vector)(handle chunk, idx column) = nullptr;
  idx (*chunk_size)(handle chunk) = nullptr;
  void* (*vector_data)(handle vector) = nullptr;
  std::uint64_t* (*vector_validity)(handle vector) = nullptr;
  void (*destroy_chunk)(handle*) = nullptr;
  handle (*fetch_chunk)(result) = nullptr;
  handle (*arrow_options)(result*) = nullptr;
  void (*destroy_arrow_options)(handle*) = nullptr;
  handle (*to_arrow_schema)(handle options, handle* types, const char** names, idx count,
                            ArrowSchema*) = nullptr;
  handle (*chunk_to_arrow)(handle options, handle chunk, ArrowArray*) = nullptr;
  const char* (*error_message)(handle error) = nullptr;
  void (*destroy_error)(handle* error) = nullptr;

 private:
  template <typename F>
  void find(F& function, const char* name) {
    function = reinterpret_cast<F>(dlsym(library_, name));
    if (function == nullptr) throw std::runtime_error(std::string("libduckdb.so has no ") + name);
  }

  void* library_;
};

}  // namespace deft_test::duckdb
