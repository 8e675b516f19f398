target_sources(deft PUBLIC FILE_SET HEADERS FILES
  "${deft_include}/memo.hpp"
  "${deft_include}/memo/memo_member.hpp"
  "${deft_include}/memo/memoize.hpp"
  "${deft_include}/memo/detail/callable.hpp"
  "${deft_include}/memo/detail/memoized_arguments.hpp"
  "${deft_include}/memo/detail/memoized_how.hpp"
  "${deft_include}/memo/detail/memoized_table.hpp")
