#include "tests/memo/model_sync.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "tests/memo/model_scheduler.hpp"

namespace deft_test {
namespace {

// Fibers have the states from 1 on; 0 is the test's outside of them.
struct model_process {
  std::array<model_sync::state, scheduling::most_fibers + 1> states;
  model_sync::state heavy{.reading = ~std::uint64_t{0}};
  int living = 0;
  model_atomic<std::uint64_t> epoch{1};
  model_mutex wait_graph;
};

model_process& process() {
  static model_process instance;
  return instance;
}

}  // namespace

model_sync::state& model_sync::this_thread() {
  const int index = scheduling::current() + 1;
  state& mine = process().states[index];
  if (!mine.taken) {
    mine.taken = true;
    if (index > 0) ++process().living;
  }
  return mine;
}

model_sync::state* model_sync::light_thread() {
  state& mine = process().states[scheduling::current() + 1];
  return scheduling::asymmetric() && mine.taken ? &mine : &process().heavy;
}

model_sync::state* model_sync::threads() noexcept {
  return process().states.data();
}

bool model_sync::alone() {
  scheduling::point(&process().living, true);
  scheduling::drain_own();
  return process().living <= 1;
}

model_atomic<std::uint64_t>& model_sync::epoch() noexcept {
  return process().epoch;
}

void model_sync::reader_fence() {
  if (!scheduling::asymmetric()) scheduling::drain_own();
}

void model_sync::reclaimer_fence() {
  scheduling::drain_all();
}

void model_sync::pause(unsigned) {
  scheduling::yield();
}

model_mutex& model_sync::wait_graph() noexcept {
  return process().wait_graph;
}

void model_sync::reset() {
  model_process& p = process();
  for (std::size_t i = 0; i < p.states.size(); ++i) {
    state& s = p.states[i];
    std::destroy_at(&s);
    std::construct_at(&s);
    s.index = static_cast<std::uint32_t>(i);
    s.next = i + 1 < p.states.size() ? &p.states[i + 1] : nullptr;
  }
  p.living = 0;
  std::destroy_at(&p.epoch);
  std::construct_at(&p.epoch, 1U);
  std::destroy_at(&p.wait_graph);
  std::construct_at(&p.wait_graph);
}

void model_sync::leave(int fiber) {
  state& s = process().states[fiber + 1];
  if (!s.taken) return;
  scheduling::drain_own();  // as registering under a mutex does
  s.taken = false;
  --process().living;
}

}  // namespace deft_test
