/// @file
/// Everything under deft/memo/: functions that remember their results, and caches.
#pragma once

#include "deft/core.hpp"
#include "deft/memo/concurrent_cache.hpp"
#include "deft/memo/errors.hpp"
#include "deft/memo/handle.hpp"
#include "deft/memo/lru_cache.hpp"
#include "deft/memo/memo_member.hpp"
#include "deft/memo/memoize.hpp"
#include "deft/memo/named_caches.hpp"
#include "deft/memo/options.hpp"
#include "deft/memo/policy.hpp"
