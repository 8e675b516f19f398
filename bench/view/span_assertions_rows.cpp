// std::span with libstdc++'s assertions, which check each index as deft's views do.
#define _GLIBCXX_ASSERTIONS 1  // NOLINT
#include "bench/view/span_rows.hpp"

namespace {

const bool registered = [] {
  register_span_rows<std::uint32_t>("span_assertions");
  register_span_rows<double>("span_assertions");
  return true;
}();

}  // namespace
