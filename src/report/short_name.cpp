#include "report/short_name.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>

namespace deft::report {
namespace {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// One past the bracket that closes the one at `at`; the end where none does.
std::size_t past_closing(std::string_view name, std::size_t at) {
  std::size_t depth = 0;
  for (; at < name.size(); ++at) {
    if (name[at] == '(') ++depth;
    if (name[at] == ')' && --depth == 0) return at + 1;
  }
  return name.size();
}

/// What follows a return type of the form "decltype (expression) ", whose brackets are not the parameters'.
std::string_view without_decltype(std::string_view name) {
  constexpr std::string_view word = "decltype (";
  if (!name.starts_with(word)) return name;
  std::size_t at = past_closing(name, word.size() - 1);
  while (at < name.size() && name[at] == ' ') ++at;
  return at < name.size() ? name.substr(at) : name;
}

/// Where `rest` goes on after what can follow parameters, if that is a name inside of the function:
/// "::{lambda...".
std::size_t inner_name(std::string_view name, std::size_t at) {
  for (const std::string_view qualifier : {" const", " volatile", "&&", "&", " &&", " &"}) {
    if (name.substr(at).starts_with(qualifier)) at += qualifier.size();
  }
  return name.substr(at).starts_with("::") ? at : std::string_view::npos;
}

/// Reads a name from the left and keeps what matters.
class shortener {
 public:
  explicit shortener(std::string_view name) : name_(name) {}

  std::string read() {
    while (at_ < name_.size() && step()) {
    }
    return without_return_type();
  }

 private:
  /// Takes the next piece; false where the parameters of the function itself begin.
  bool step() {
    constexpr std::string_view anonymous = "(anonymous namespace)";
    const std::string_view rest = name_.substr(at_);
    const char before = at_ > 0 ? name_[at_ - 1] : '\0';
    if (rest.starts_with("operator") && !is_word(before) && (rest.size() == 8 || !is_word(rest[8]))) {
      take_operator(rest);
    } else if (rest.starts_with(anonymous)) {
      keep("(anon)");
      at_ += anonymous.size();
    } else if (rest.starts_with("[abi:")) {
      at_ = std::min(name_.find(']', at_), name_.size() - 1) + 1;
    } else if (rest[0] == '<' && before != '.' && at_ > 0) {
      ++depth_;
      had_arguments_ = true;
      ++at_;
    } else if (rest[0] == '>' && depth_ > 0) {
      depth_ -= before == '-' ? 0 : 1;  // "->" closes nothing
      ++at_;
    } else if (rest[0] == '(' && before != '.' && at_ > 0 && depth_ == 0) {
      return take_parameters();
    } else {
      if (rest[0] == '{') ++braces_;
      if (rest[0] == '}' && braces_ > 0) --braces_;
      keep(rest.substr(0, 1));
      ++at_;
    }
    return true;
  }

  void take_operator(std::string_view rest) {
    constexpr std::array<std::string_view, 9> with_brackets = {
        "()", "<=>", "<<", ">>", "<=", ">=", "->", "<", ">"};
    std::size_t size = 8;
    for (const auto symbol : with_brackets) {
      if (rest.substr(8).starts_with(symbol)) {
        size += symbol.size();
        break;
      }
    }
    if (depth_ == 0) operator_at_ = out_.size();
    keep(rest.substr(0, size));
    at_ += size;
  }

  bool take_parameters() {
    const std::size_t past = past_closing(name_, at_);
    const std::size_t inner = braces_ > 0 ? past : inner_name(name_, past);
    if (inner == std::string_view::npos) return false;
    at_ = inner;
    return true;
  }

  void keep(std::string_view text) {
    if (depth_ == 0) out_ += text;
  }

  // A template's demangled name begins with its return type.
  std::string without_return_type() const {
    const std::size_t end = out_.find_last_not_of(' ') + 1;
    if (!had_arguments_) return out_.substr(0, end);
    const std::size_t last = std::min(operator_at_, end);
    const std::size_t space = last == 0 ? std::string::npos : out_.rfind(' ', last - 1);
    const std::size_t begin = space == std::string::npos ? 0 : space + 1;
    return out_.substr(begin, end - begin);
  }

  std::string_view name_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::size_t braces_ = 0;
  bool had_arguments_ = false;
  std::size_t operator_at_ = std::string::npos;
  std::string out_;
};

}  // namespace

std::string short_name(std::string_view full) {
  if (full.starts_with('[') || full.starts_with('<')) return std::string(full);
  const std::string out = shortener(without_decltype(full)).read();
  return out.empty() ? std::string(full) : out;
}

}  // namespace deft::report
