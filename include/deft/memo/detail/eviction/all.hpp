/// @file
/// detail::eviction of every policy.
#pragma once

#include "deft/memo/detail/eviction/clock.hpp"
#include "deft/memo/detail/eviction/fifo.hpp"
#include "deft/memo/detail/eviction/lru.hpp"
#include "deft/memo/detail/eviction/s3_fifo.hpp"
#include "deft/memo/detail/eviction/sieve.hpp"
#include "deft/memo/detail/eviction/tiny_lfu.hpp"
#include "deft/memo/detail/eviction/unbounded.hpp"
