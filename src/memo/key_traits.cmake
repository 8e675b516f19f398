target_sources(deft PUBLIC FILE_SET HEADERS FILES "${deft_include}/memo/detail/key_traits_words.hpp")
