/// @file
/// Which entry leaves a full cache: the policies of deft's caches.
///
/// | policy      | on a hit                   | evicts                                     | bytes |
/// |-------------|----------------------------|--------------------------------------------|-------|
/// | `fifo`      | nothing                    | the oldest                                 | 4     |
/// | `lru`       | moves to the front, locked | the least recently used, exactly           | 5     |
/// | `clock`     | sets a bit                 | the next without it, under a hand          | 1.1   |
/// | `sieve`     | sets a bit                 | as clock, but survivors keep their place   | 5     |
/// | `s3_fifo`   | counts to 3                | what was used once first; remembers ghosts | 9.9   |
/// | `tiny_lfu`  | moves and counts, locked   | what is rarer than the newcomer            | 8.3   |
/// | `unbounded` | nothing                    | never                                      | 0     |
///
/// Bytes are per entry, beside the table, which takes about 6.4 (5.3 with s3_fifo).
#pragma once

namespace deft::policy {

/// First in, first out.
struct fifo {};

/// Least recently used. Exact: one shard up to 4,096 entries; above, each shard is exact.
struct lru {};

/// One reference bit and a hand that goes round (Corbato, "A paging experiment with the Multics system",
/// 1969).
struct clock {};

/// SIEVE (Zhang, Yang, Yue, Vigfusson, Rashmi: "SIEVE is simpler than LRU", NSDI 2024). Bad at loops larger
/// than the cache.
struct sieve {};

/// S3-FIFO (Yang, Zhang, Qiu, Yue, Rashmi: "FIFO queues are all you need for cache eviction", SOSP 2023).
struct s3_fifo {};

/// W-TinyLFU (Einziger, Friedman, Manes: "TinyLFU: a highly efficient cache admission policy", ACM ToS 2017).
struct tiny_lfu {};

/// Never evicts: as functools.cache. `max_size` is not looked at.
struct unbounded {};

}  // namespace deft::policy
