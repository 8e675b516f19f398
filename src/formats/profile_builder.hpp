#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "symbols/stack_profile.hpp"

namespace deft::formats {

/// Puts a profile together from what a file holds: equal frames, threads and stacks become one, in the order
/// in which they first came. Ordered containers, for a file may be made to make hashes collide.
class profile_builder {
 public:
  profile_builder() = default;
  profile_builder(const profile_builder&) = delete;
  profile_builder& operator=(const profile_builder&) = delete;

  std::uint32_t number_of(symbols::frame frame);
  std::uint32_t number_of(symbols::profiled_thread thread);

  /// False, and nothing is added, if the counts or values of all stacks became more than 2^63 - 1.
  bool add(symbols::folded_stack stack);

  /// Frames, threads, stacks and the number of samples are filled in.
  symbols::stack_profile finish();

 private:
  /// Numbers into a vector, in the order of what they stand for.
  template <class T, class Less>
  struct by_content {
    const std::vector<T>* elements;

    bool operator()(std::uint32_t a, std::uint32_t b) const { return Less{}((*elements)[a], (*elements)[b]); }
  };

  struct frame_less {
    bool operator()(const symbols::frame& a, const symbols::frame& b) const;
  };

  struct thread_less {
    bool operator()(const symbols::profiled_thread& a, const symbols::profiled_thread& b) const;
  };

  struct stack_less {
    bool operator()(const symbols::folded_stack& a, const symbols::folded_stack& b) const;
  };

  template <class T, class Less>
  static std::uint32_t number_in(std::vector<T>& elements,
                                 std::set<std::uint32_t, by_content<T, Less>>& order, T&& element);

  symbols::stack_profile profile_;
  std::uint64_t values_ = 0;
  std::set<std::uint32_t, by_content<symbols::frame, frame_less>> frames_{{&profile_.frames}};
  std::set<std::uint32_t, by_content<symbols::profiled_thread, thread_less>> threads_{{&profile_.threads}};
  std::set<std::uint32_t, by_content<symbols::folded_stack, stack_less>> stacks_{{&profile_.stacks}};
};

}  // namespace deft::formats
