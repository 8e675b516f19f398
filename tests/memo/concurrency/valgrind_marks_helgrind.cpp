#include <valgrind/helgrind.h>

#include "tests/memo/concurrency/valgrind_marks.hpp"

namespace deft::test {

void depart_helgrind(const volatile void* object) {
  ANNOTATE_HAPPENS_BEFORE(object);
}

void arrive_helgrind(const volatile void* object) {
  ANNOTATE_HAPPENS_AFTER(object);
}

void do_not_watch_helgrind(const volatile void* object, std::size_t bytes) {
  VALGRIND_HG_DISABLE_CHECKING(object, bytes);
}

}  // namespace deft::test
