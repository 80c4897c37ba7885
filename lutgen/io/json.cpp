// SPDX-License-Identifier: Apache-2.0
#include "lutgen/io/json.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>

#include <fmt/core.h>

#include "lutgen/io/quote.hpp"

namespace lutgen::io {
namespace {

/// `place:line:column` of a byte of `text`.
std::string place_of(const std::string& place, std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::size_t line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  return fmt::format("{}:{}:{}", place, lines + 1, before.size() - line_start + 1);
}

/// Walks over the text and tells how far the parser has read.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, std::size_t* read) : at_(at), read_(read) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    ++at_;
    ++*read_;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }

 private:
  const char* at_;
  std::size_t* read_;
};

/// Receives the parser's events and builds the value, so that the rules which the parser does not
/// know (no field twice, depth, numbers that fit) are checked on the way.
class Builder final : public nlohmann::json_sax<Json> {
 public:
  Builder(std::string_view text, const std::string& place) : text_(text), place_(place) {}

  Result<Json> run() {
    const bool complete = Json::sax_parse(CountingIterator(text_.data(), &read_),
                                          CountingIterator(text_.data() + text_.size(), &read_), this);
    if (error_) return tl::make_unexpected(std::move(*error_));
    LUTGEN_CHECK(complete);
    return std::move(root_);
  }

  bool null() override { return add(Json(nullptr)); }
  bool boolean(bool value) override { return add(Json(value)); }
  bool number_integer(number_integer_t value) override { return add(Json(value)); }
  bool number_unsigned(number_unsigned_t value) override { return add(Json(value)); }
  bool number_float(number_float_t value, const string_t& text) override {
    // The parser turns a whole number that does not fit 64 bits into a rounded one.
    if (text.find_first_of(".eE") == string_t::npos) {
      return stop(Code::json_number_range, begin_of(text),
                  fmt::format("expected a whole number of at most 64 bits, got {}", printable(text)), "");
    }
    return add(Json(value));
  }
  bool string(string_t& value) override { return add(Json(std::move(value))); }
  bool binary(binary_t&) override { return false; }  // does not occur in text

  bool start_object(std::size_t) override {
    fields_.emplace_back();
    return open(Json::object());
  }
  bool end_object() override {
    fields_.pop_back();
    open_.pop_back();
    return true;
  }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_array() override {
    open_.pop_back();
    return true;
  }
  bool key(string_t& name) override {
    if (!fields_.back().insert(name).second) {
      return stop(Code::json_duplicate_field, begin_of("\"" + name + "\""),
                  fmt::format("expected each field once in an object, got {} a second time", quote(name)),
                  "remove or rename one of them");
    }
    key_ = std::move(name);
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& error) override {
    // what() is "[id] parse error at line 1, column 2: syntax error while parsing value - text".
    std::string_view text = error.what();
    if (error.id == 406) {
      return stop(Code::json_number_range, position,
                  "expected a number that fits 64-bit floating point, got a larger one", "");
    }
    if (const auto start = text.find("while parsing"); start != std::string_view::npos) text.remove_prefix(start);
    return stop(Code::json_syntax, position, "not valid JSON: " + shorten_last_read(text), "");
  }

 private:
  /// Puts a finished or opened value where it belongs and gives its address, stable while it is open:
  /// nothing is added to a parent before its child is closed.
  Json* place_value(Json&& value) {
    if (open_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    Json& parent = *open_.back();
    if (parent.is_array()) {
      auto& elements = parent.get_ref<Json::array_t&>();
      elements.push_back(std::move(value));
      return &elements.back();
    }
    // ordered_map::emplace searches for the key first, which makes large objects quadratic; the key
    // is known to be new.
    std::vector<std::pair<const std::string, Json>>& fields = parent.get_ref<Json::object_t&>();
    fields.emplace_back(std::move(key_), std::move(value));
    return &fields.back().second;
  }

  bool add(Json&& value) {
    place_value(std::move(value));
    return true;
  }

  bool open(Json&& value) {
    if (open_.size() == kMaxJsonDepth) {
      return stop(Code::json_too_deep, read_,
                  fmt::format("expected at most {} arrays and objects inside each other, got more", kMaxJsonDepth), "");
    }
    open_.push_back(place_value(std::move(value)));
    return true;
  }

  /// The parser ends its text with all of the token that it was in the midst of: keep its end only.
  static std::string shorten_last_read(std::string_view text) {
    constexpr std::string_view kIntroduction = "last read: '";
    constexpr std::size_t kMostShown = 30;
    const std::size_t at = text.find(kIntroduction);
    if (at == std::string_view::npos) return printable(text, 200);
    const std::size_t token = at + kIntroduction.size();
    if (text.size() - token <= kMostShown) return printable(text, 200);
    return printable(text.substr(0, token), 200) + "..." + printable(text.substr(text.size() - kMostShown), kMostShown);
  }

  /// Bytes up to and including the first of the token that the parser has just read; of what comes after
  /// it one byte may be read too. A token with escapes stands otherwise in the text: then its end.
  [[nodiscard]] std::size_t begin_of(std::string_view token) const {
    for (const std::size_t more : {token.size(), token.size() + 1}) {
      if (read_ >= more && text_.substr(read_ - more, token.size()) == token) return read_ - more + 1;
    }
    return read_;
  }

  /// `read` counts the bytes up to and including the one that is wrong.
  bool stop(Code code, std::size_t read, std::string message, std::string hint) {
    error_ = Diagnostic{code, place_of(place_, text_, read == 0 ? 0 : read - 1), std::move(message), std::move(hint)};
    return false;
  }

  std::string_view text_;
  const std::string& place_;
  std::size_t read_ = 0;
  Json root_;
  std::vector<Json*> open_;
  std::vector<std::set<std::string>> fields_;
  std::string key_;
  std::optional<Diagnostic> error_;
};

tl::unexpected<Diagnostic> wrong_type(std::string_view field, const std::string& place,
                                      std::string_view expected, const Json& found) {
  return fail(Code::json_wrong_type, place,
              fmt::format("field {}: expected {}, got {}", quote(field), expected, describe(found)), "");
}

/// A value built in memory may hold a whole number as a signed one.
bool is_whole(const Json& value) {
  return value.is_number_unsigned() || (value.is_number_integer() && value.get<std::int64_t>() >= 0);
}

bool is_unsigned(const Json& value, std::uint64_t maximum) {
  return is_whole(value) && value.get<std::uint64_t>() <= maximum;
}

/// Says why `value` is not `is_unsigned`; `what` is "field "groups"" or "element 3".
tl::unexpected<Diagnostic> not_unsigned(const Json& value, const std::string& what, const std::string& place,
                                        std::uint64_t maximum) {
  if (is_whole(value)) {
    return fail(Code::json_number_range, place,
                fmt::format("{}: expected at most {}, got {}", what, maximum, value.get<std::uint64_t>()), "");
  }
  return fail(Code::json_wrong_type, place,
              fmt::format("{}: expected a whole number, 0 or more, got {}", what, describe(value)), "");
}

}  // namespace

Result<Json> parse_json(std::string_view text, const std::string& place) {
  return Builder(text, place).run();
}

std::string to_text(const Json& value) {
  return value.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string describe(const Json& value) {
  switch (value.type()) {
    case Json::value_t::null: return "null";
    case Json::value_t::object: return "an object";
    case Json::value_t::array: return fmt::format("a list of {}", value.size());
    case Json::value_t::string: return "the text " + quote(value.get_ref<const std::string&>());
    case Json::value_t::boolean: return value.get<bool>() ? "true" : "false";
    default: return "the number " + value.dump();
  }
}

const Json* find_field(const Json& object, std::string_view field) {
  if (!object.is_object()) return nullptr;
  for (const auto& [name, value] : object.get_ref<const Json::object_t&>()) {
    if (name == field) return &value;
  }
  return nullptr;
}

Result<const Json*> get_field(const Json& object, std::string_view field, const std::string& place) {
  if (!object.is_object()) {
    return fail(Code::json_wrong_type, place,
                fmt::format("expected an object with a field {}, got {}", quote(field), describe(object)), "");
  }
  const Json* found = find_field(object, field);
  if (found == nullptr) {
    return fail(Code::json_missing_field, place,
                fmt::format("expected a field {}, found none of that name", quote(field)), "");
  }
  return found;
}

Result<const Json*> get_array(const Json& object, std::string_view field, const std::string& place) {
  LUTGEN_TRY(const Json* found, get_field(object, field, place));
  if (!found->is_array()) return wrong_type(field, place, "a list", *found);
  return found;
}

Result<const Json*> get_object(const Json& object, std::string_view field, const std::string& place) {
  LUTGEN_TRY(const Json* found, get_field(object, field, place));
  if (!found->is_object()) return wrong_type(field, place, "an object", *found);
  return found;
}

Result<std::string> get_string(const Json& object, std::string_view field, const std::string& place) {
  LUTGEN_TRY(const Json* found, get_field(object, field, place));
  if (!found->is_string()) return wrong_type(field, place, "text in quotes", *found);
  return found->get<std::string>();
}

Result<std::uint64_t> get_unsigned(const Json& object, std::string_view field, const std::string& place,
                                   std::uint64_t maximum) {
  LUTGEN_TRY(const Json* found, get_field(object, field, place));
  if (!is_unsigned(*found, maximum)) return not_unsigned(*found, "field " + quote(field), place, maximum);
  return found->get<std::uint64_t>();
}

Result<double> get_number(const Json& object, std::string_view field, const std::string& place) {
  LUTGEN_TRY(const Json* found, get_field(object, field, place));
  if (!found->is_number()) return wrong_type(field, place, "a number", *found);
  return found->get<double>();
}

Result<bool> get_boolean(const Json& object, std::string_view field, const std::string& place) {
  LUTGEN_TRY(const Json* found, get_field(object, field, place));
  if (!found->is_boolean()) return wrong_type(field, place, "true or false", *found);
  return found->get<bool>();
}

Result<std::vector<std::uint64_t>> unsigned_elements(const Json& array, const std::string& place,
                                                     std::uint64_t maximum) {
  if (!array.is_array()) {
    return fail(Code::json_wrong_type, place, fmt::format("expected a list, got {}", describe(array)), "");
  }
  std::vector<std::uint64_t> numbers;
  numbers.reserve(array.size());
  for (const Json& element : array) {
    if (!is_unsigned(element, maximum)) {
      return not_unsigned(element, fmt::format("element {}", numbers.size()), place, maximum);
    }
    numbers.push_back(element.get<std::uint64_t>());
  }
  return numbers;
}

}  // namespace lutgen::io
