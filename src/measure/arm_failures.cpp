#include "measure/arm_failures.hpp"

#include <algorithm>

namespace deft::measure {

using support::error;
using support::error_kind;

void arm_failures::add(const char* arm, const error& e) {
  if (e.kind == error_kind::interrupted) interrupted_ = true;
  if (e.kind != error_kind::unavailable) all_unavailable_ = false;
  messages_.emplace_back(arm, e.message);
}

support::result<void> arm_failures::outcome() {
  if (messages_.empty()) return {};
  if (interrupted_) return error{error_kind::interrupted, "stopped by the user"};
  std::sort(messages_.begin(), messages_.end());
  std::string text;
  for (std::size_t i = 0; i < messages_.size(); ++i) {
    // "base: x; base (control): x" would tell the same thing twice.
    if (i > 0 && messages_[i].first.starts_with("base") && messages_[i - 1].first == "base") continue;
    if (!text.empty()) text += "; ";
    text += prefixed(messages_[i].first.c_str(), messages_[i].second);
  }
  return error{all_unavailable_ ? error_kind::unavailable : error_kind::benchmark_failed, text};
}

}  // namespace deft::measure
