// Asks AddressSanitizer whether it would report a read of a container's unused capacity.
#pragma once

#include "deft/core/detail/slack.hpp"

namespace deft_test {

/// True where ASan keeps no books of this container.
template <typename Sequence>
bool slack_is_closed([[maybe_unused]] const Sequence& v) {
#if DEFT_DETAIL_ANNOTATES_SLACK
  if constexpr (deft::detail::annotates_slack<typename Sequence::container_type>) {
    if (v.capacity() == 0) return true;
    const auto* const begin = v.data();
    return __sanitizer_verify_contiguous_container(begin, begin + v.size(), begin + v.capacity()) != 0;
  }
#endif
  return true;
}

}  // namespace deft_test
