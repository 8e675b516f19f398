// Arrays of Arrow that can be spoilt: copies of the structs, not of the memory, with releases that are
// counted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "deft/interop/arrow_abi.hpp"

namespace deft_test {

/// Owns the copies; outlives what it gives out.
class arrow_clone {
 public:
  arrow_clone(const ArrowArray& array, const ArrowSchema& schema)
      : array_(clone(array)), schema_(clone(schema)) {
    array_->private_data = &array_releases;
    schema_->private_data = &schema_releases;
  }

  arrow_clone(const arrow_clone&) = delete;
  arrow_clone& operator=(const arrow_clone&) = delete;

  ArrowArray& array() { return *array_; }

  ArrowSchema& schema() { return *schema_; }

  int array_releases = 0;
  int schema_releases = 0;

 private:
  template <typename Struct>
  static void release(Struct* self) {
    if (self->private_data != nullptr) ++*static_cast<int*>(self->private_data);
    self->release = nullptr;
  }

  ArrowArray* clone(const ArrowArray& from) {
    ArrowArray& copy = arrays_.emplace_back(from);
    copy.release = release<ArrowArray>;
    copy.private_data = nullptr;
    auto& buffers = buffers_.emplace_back(from.buffers, from.buffers + from.n_buffers);
    copy.buffers = buffers.data();
    if (from.n_children != 0) {
      std::vector<ArrowArray*> children;
      for (std::int64_t i = 0; i < from.n_children; ++i) children.push_back(clone(*from.children[i]));
      copy.children = array_children_.emplace_back(children).data();
    }
    if (from.dictionary != nullptr) copy.dictionary = clone(*from.dictionary);
    return &copy;
  }

  ArrowSchema* clone(const ArrowSchema& from) {
    ArrowSchema& copy = schemas_.emplace_back(from);
    copy.release = release<ArrowSchema>;
    copy.private_data = nullptr;
    if (from.n_children != 0) {
      std::vector<ArrowSchema*> children;
      for (std::int64_t i = 0; i < from.n_children; ++i) children.push_back(clone(*from.children[i]));
      copy.children = schema_children_.emplace_back(children).data();
    }
    if (from.dictionary != nullptr) copy.dictionary = clone(*from.dictionary);
    return &copy;
  }

  std::deque<ArrowArray> arrays_;
  std::deque<ArrowSchema> schemas_;
  std::deque<std::vector<const void*>> buffers_;
  std::deque<std::vector<ArrowArray*>> array_children_;
  std::deque<std::vector<ArrowSchema*>> schema_children_;
  ArrowArray* array_;
  ArrowSchema* schema_;
};

}  // namespace deft_test
