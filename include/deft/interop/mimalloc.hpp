/// @file
/// deft::mimalloc_resource: mimalloc for what takes a memory resource. Target deft::mimalloc.
#pragma once

#include <memory_resource>

namespace deft {

/// A memory resource that allocates with mimalloc (Leijen, Zorn, de Moura: "Mimalloc: free list sharding in
/// action", 2019), for memo_options::resource and for std::pmr containers. The rest of the program keeps its
/// allocator.
///
/// When to use it: many threads store and evict values of their own sizes, and the system's allocator shows
/// in profiles.
/// @returns     The same resource each time; it lives as long as the process.
/// @complexity  O(1). @concurrency Safe, the resource's functions too.
[[nodiscard]] std::pmr::memory_resource* mimalloc_resource() noexcept;

}  // namespace deft
