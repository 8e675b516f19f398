// What scenarios, and the atomics and locks of model_sync, ask of the engine that is running.
#include "tests/memo/model_scheduler.hpp"

#include <cstring>
#include <functional>
#include <memory_resource>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "tests/memo/model_engine.hpp"

namespace deft_test {

void model_run::fibers(std::vector<std::function<void()>> bodies) {
  model_engine::active->run_fibers(std::move(bodies));
}

void model_run::expect(bool condition, const char* what) {
  if (!condition) scheduling::fail(what);
}

void model_run::record_lines(bool on) {
  model_engine::active->recording = on;
}

const std::unordered_map<std::uintptr_t, line_use>& model_run::lines() {
  return model_engine::active->lines;
}

void model_run::destroy_all() {
  while (!made_.empty()) {
    const owned last = made_.back();
    made_.pop_back();
    last.destroy(last.object);
  }
}

void* model_resource::do_allocate(std::size_t size, std::size_t alignment) {
  void* const block = std::pmr::new_delete_resource()->allocate(size, alignment);
  ++live_;
  return block;
}

void model_resource::do_deallocate(void* block, std::size_t size, std::size_t alignment) {
  --live_;
  if (model_engine::active != nullptr) model_engine::active->forget(block, size);
  std::memset(block, 0xdd, size);
#if defined(DEFT_TEST_ASAN)
  __asan_poison_memory_region(block, size);
#endif
  freed_.push_back({block, size, alignment});
}

model_resource::~model_resource() {
  for (const freed& old : freed_) {
#if defined(DEFT_TEST_ASAN)
    __asan_unpoison_memory_region(old.block, old.size);
#endif
    if (model_engine::active != nullptr) {
      model_engine::active->freed.erase(reinterpret_cast<std::uintptr_t>(old.block));
    }
    std::pmr::new_delete_resource()->deallocate(old.block, old.size, old.alignment);
  }
}

int scheduling::current() noexcept {
  return model_engine::active == nullptr ? no_fiber : model_engine::active->current;
}

void scheduling::point(const void* address, bool writes) {
  if (model_engine::active != nullptr) model_engine::active->point(address, writes);
}

void scheduling::wrote() noexcept {
  if (model_engine::active != nullptr) model_engine::active->wrote();
}

bool scheduling::block(const void* on, const char* what, bool timed) {
  if (model_engine::active == nullptr) throw std::logic_error(std::string("waits for ") + what);
  return model_engine::active->block(on, what, timed);
}

void scheduling::wake(const void* on, bool all) {
  if (model_engine::active != nullptr) model_engine::active->wake(on, all);
}

void scheduling::yield() {
  if (model_engine::active != nullptr) model_engine::active->yield();
}

void scheduling::fail(const char* what) {
  if (model_engine::active == nullptr) throw std::logic_error(what);
  model_engine::active->fail(what);
}

bool scheduling::buffered() noexcept {
  return current() != no_fiber && model_engine::active->options.store_buffers;
}

void scheduling::buffer_store(void* address, std::uint64_t bits, unsigned size) {
  model_engine::active->buffer_store(address, bits, size);
}

bool scheduling::own_store(const void* address, std::uint64_t& bits) noexcept {
  return model_engine::active != nullptr && model_engine::active->own_store(address, bits);
}

void scheduling::drain_own() {
  if (current() != no_fiber) model_engine::active->drain(current());
}

void scheduling::drain_all() {
  if (model_engine::active != nullptr) model_engine::active->drain_all();
}

bool scheduling::asymmetric() noexcept {
  return model_engine::active != nullptr && model_engine::active->options.asymmetric;
}

}  // namespace deft_test
