// std::span as the build has it.
#include "bench/view/span_rows.hpp"

namespace {

const bool registered = [] {
  register_span_rows<std::uint32_t>("span");
  register_span_rows<double>("span");
  return true;
}();

}  // namespace
