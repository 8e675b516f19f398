#include "deft/memo/errors.hpp"

#include "deft/core/contracts.hpp"

namespace deft {

recursive_memo_error::recursive_memo_error()
    : std::logic_error("deft: a memoized value needs itself to be computed") {}

recursive_memo_error::~recursive_memo_error() = default;

void detail::throw_recursive_memo() {
#if defined(__cpp_exceptions)
  throw recursive_memo_error();
#else
  precondition_failed(__FILE__, __LINE__, recursive_memo_error().what());
#endif
}

}  // namespace deft
