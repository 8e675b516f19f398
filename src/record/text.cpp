// What printing records needs once.
#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>

#include "deft/record/detail/append_text.hpp"
#include "deft/record/print.hpp"

namespace deft::detail {

void append_quoted(std::string& text, std::string_view value) {
  constexpr std::string_view digits = "0123456789abcdef";
  text += '"';
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    switch (c) {
      case '"':
        text += "\\\"";
        break;
      case '\\':
        text += "\\\\";
        break;
      case '\n':
        text += "\\n";
        break;
      case '\r':
        text += "\\r";
        break;
      case '\t':
        text += "\\t";
        break;
      default:
        if (byte < 0x20 || byte == 0x7f) {
          text += "\\x";
          text += digits[byte / 16];
          text += digits[byte % 16];
        } else {
          text += c;
        }
    }
  }
  text += '"';
}

std::string describe_layout(const field_layout* fields, std::size_t count, std::size_t struct_bytes,
                            std::size_t packed_bytes, std::size_t information_bits) {
  std::size_t width = 5;
  for (std::size_t i = 0; i < count; ++i) width = std::max(width, fields[i].name.size());
  const auto column = [](std::string cell, std::size_t size) {
    if (cell.size() < size) cell.insert(0, size - cell.size(), ' ');
    return cell;
  };
  std::string text = "field";
  text.append(width - 5, ' ');
  text += "  struct bytes  whole bytes  from byte  bits  from bit\n";
  for (std::size_t i = 0; i < count; ++i) {
    const field_layout& field = fields[i];
    text += field.name;
    text.append(width - field.name.size(), ' ');
    text += column(std::to_string(field.struct_bytes), 14);
    text += column(std::to_string(field.whole_bytes), 13);
    text += column(field.whole_bytes == 0 ? "-" : std::to_string(field.byte), 11);
    text += column(std::to_string(field.bits), 6);
    text += column(field.bits == 0 ? "-" : std::to_string(field.bit), 10);
    text += '\n';
  }
  text += std::to_string(struct_bytes) + " bytes as a struct, " + std::to_string(packed_bytes) +
          " packed; the domains need " + std::to_string(information_bits) + " bits, " +
          std::to_string(8 * packed_bytes - information_bits) + " are spare\n";
  return text;
}

}  // namespace deft::detail
