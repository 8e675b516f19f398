// Does not compile. tests/memo/memoize_errors.cmake looks for what the comments that begin with "error:" say.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "deft/memo.hpp"

struct without_hash {
  int x;
  bool operator==(const without_hash&) const = default;
};

struct without_equality {
  int x;

  template <typename H>
  friend H AbslHashValue(H state, const without_equality& value) {
    return H::combine(std::move(state), value.x);
  }
};

struct widget {
  int area() { return 1; }
};

void errors() {
  // error: this key or argument cannot be hashed: give it an AbslHashValue or specialise std::hash
  (void)deft::memoize([](const without_hash& value) { return value.x; });

  // error: this key or argument cannot be compared: give it an operator==
  (void)deft::memoize([](int, const without_equality& value) { return value.x; });

  // error: this key or argument cannot be copied
  (void)deft::memoize([](std::unique_ptr<int> value) { return *value; });

  // error: the function has no single signature (it is generic, overloaded, or no function)
  // error: name one, as in deft::memoize<double(int)>(f)
  (void)deft::memoize([](auto value) { return value; });

  // error: name the signature: deft::memoize_recursive<long(int)>(f)
  (void)deft::memoize_recursive([](auto& self, int n) -> int { return n == 0 ? 0 : self(n - 1); });

  // error: result_can_be_copied_else_call_pin
  deft::memoize([](int value) { return std::make_unique<int>(value); })(1);

  // error: a parameter that is a reference to non-const may be an output, which a hit would not write
  deft::memoize([](int, std::string& out) { out = "text"; })(1, *std::make_unique<std::string>());

  // error: (an object's own cache: deft::memo_member)
  (void)deft::memoize (&widget::area)(*std::make_unique<widget>());

  // error: a cache must own its keys
  deft::concurrent_cache<std::string_view, int> views;

  // error: a cache must own its keys
  (void)deft::memoize([](const std::vector<std::string_view>& parts) { return parts.size(); });
}
