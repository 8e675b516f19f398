#include <valgrind/drd.h>

#include "tests/memo/concurrency/valgrind_marks.hpp"

namespace deft::test {

void depart_drd(const volatile void* object) {
  ANNOTATE_HAPPENS_BEFORE(object);
}

void arrive_drd(const volatile void* object) {
  ANNOTATE_HAPPENS_AFTER(object);
}

void do_not_watch_drd(const volatile void* object, std::size_t bytes) {
  ANNOTATE_BENIGN_RACE_SIZED(object, bytes, "an atomic");
}

}  // namespace deft::test
