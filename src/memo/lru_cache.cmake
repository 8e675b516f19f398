target_sources(deft
  PUBLIC FILE_SET HEADERS FILES
    "${deft_include}/memo/lru_cache.hpp"
    "${deft_include}/memo/detail/id_table.hpp"
    "${deft_include}/memo/detail/lru_iterator.hpp"
    "${deft_include}/memo/detail/lru_store.hpp"
    "${deft_include}/memo/detail/slot_pool.hpp")
