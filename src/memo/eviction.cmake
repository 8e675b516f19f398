target_sources(deft
  PUBLIC FILE_SET HEADERS FILES
    "${deft_include}/memo/detail/eviction/all.hpp"
    "${deft_include}/memo/detail/eviction/clock.hpp"
    "${deft_include}/memo/detail/eviction/fifo.hpp"
    "${deft_include}/memo/detail/eviction/frequency_sketch.hpp"
    "${deft_include}/memo/detail/eviction/ghost_queue.hpp"
    "${deft_include}/memo/detail/eviction/lru.hpp"
    "${deft_include}/memo/detail/eviction/s3_fifo.hpp"
    "${deft_include}/memo/detail/eviction/sieve.hpp"
    "${deft_include}/memo/detail/eviction/slot_list.hpp"
    "${deft_include}/memo/detail/eviction/tiny_lfu.hpp"
    "${deft_include}/memo/detail/eviction/unbounded.hpp")
