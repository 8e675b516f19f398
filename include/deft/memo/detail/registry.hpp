/// @file
/// All caches of the process: for deft::named_caches(), and so that a fork finds none of them in the midst of
/// a change.
#pragma once

#include <string>

#include "deft/core/contracts.hpp"
#include "deft/memo/options.hpp"

namespace deft::detail {

/// The base of what is listed, from list() to unlist().
class listed_cache {
 public:
  listed_cache(const listed_cache&) = delete;
  listed_cache& operator=(const listed_cache&) = delete;

  [[nodiscard]] virtual const std::string& name() const noexcept = 0;
  [[nodiscard]] virtual cache_info current_info() const = 0;
  /// Takes all locks of the cache.
  virtual void before_fork() noexcept = 0;
  /// Gives them back; in the child there are no other threads any more.
  virtual void after_fork(bool child) noexcept = 0;

  listed_cache* next = nullptr;
  listed_cache* previous = nullptr;

 protected:
  DEFT_TAGGED listed_cache() noexcept = default;
  DEFT_TAGGED ~listed_cache() = default;

  void list() noexcept;
  void unlist() noexcept;
};

}  // namespace deft::detail
