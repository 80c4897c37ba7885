// SPDX-License-Identifier: Apache-2.0
#include "lutgen/io/quote.hpp"

#include <fmt/core.h>

namespace lutgen::io {

std::string printable(std::string_view text, std::size_t max_bytes) {
  std::string result;
  for (const char c : text.substr(0, max_bytes)) {
    if (c >= 0x20 && c < 0x7f) {
      result += c;
    } else {
      result += fmt::format("\\x{:02x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
  }
  if (text.size() > max_bytes) result += "...";
  return result;
}

std::string quote(std::string_view text, std::size_t max_bytes) {
  return "\"" + printable(text, max_bytes) + "\"";
}

}  // namespace lutgen::io
