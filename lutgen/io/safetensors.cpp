// SPDX-License-Identifier: Apache-2.0
#include "lutgen/io/safetensors.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <optional>
#include <tuple>
#include <utility>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "lutgen/io/json.hpp"
#include "lutgen/io/quote.hpp"

namespace lutgen::io {
namespace {

static_assert(std::endian::native == std::endian::little, "values are loaded as they lie in the file");

constexpr std::size_t kLengthBytes = 8;

/// A tensor's place in the data, for the checks that look at all of them.
struct Extent {
  std::uint64_t begin;
  std::uint64_t end;
  const std::string* name;
};

template <class T>
T load(std::string_view bytes, std::size_t index) {
  LUTGEN_CHECK(index < bytes.size() / sizeof(T));
  T value;
  std::memcpy(&value, bytes.data() + index * sizeof(T), sizeof(T));
  return value;
}

std::uint64_t load_length(std::string_view bytes) {
  return load<std::uint64_t>(bytes, 0);
}

/// dtype bytes times the shape's product; nothing when that overflows 64 bits.
std::optional<std::uint64_t> expected_bytes(std::uint64_t value_bytes, const std::vector<std::uint64_t>& shape) {
  // A 0 anywhere makes the tensor empty, however large the other lengths are.
  if (std::find(shape.begin(), shape.end(), 0u) != shape.end()) return 0;
  std::uint64_t bytes = value_bytes;
  for (const std::uint64_t length : shape) {
    if (__builtin_mul_overflow(bytes, length, &bytes)) return std::nullopt;
  }
  return bytes;
}

Result<std::string_view> header_text(std::string_view bytes, const std::string& place) {
  if (bytes.size() < kLengthBytes) {
    return fail(Code::safetensors_truncated, place,
                fmt::format("expected at least {} bytes (the length of the header), got {}", kLengthBytes, bytes.size()),
                "is this a safetensors file, and was it copied to its end?");
  }
  const std::uint64_t length = load_length(bytes);
  const std::uint64_t rest = bytes.size() - kLengthBytes;
  if (length > kMaxSafetensorsHeaderBytes) {
    return fail(Code::safetensors_header_too_large, place,
                fmt::format("expected a header of at most {} bytes, the first 8 bytes say {}", kMaxSafetensorsHeaderBytes, length),
                "is this a safetensors file? It starts with the header's length: 8 bytes, least significant first");
  }
  if (length > rest) {
    return fail(Code::safetensors_truncated, place,
                fmt::format("the first 8 bytes promise a header of {} bytes, the file has {} after them", length, rest),
                "is this a safetensors file, and was it copied to its end?");
  }
  const std::string_view header = bytes.substr(kLengthBytes, length);
  if (header.empty() || header.front() != '{') {
    return fail(Code::safetensors_bad_header, place,
                fmt::format("expected a header that starts with '{{', got {}",
                            header.empty() ? "an empty one" : quote(header.substr(0, 1))),
                "the header is a JSON object and stands right after the first 8 bytes");
  }
  return header;
}

Result<void> read_metadata(const Json& entry, Safetensors& content, const std::string& place) {
  if (!entry.is_object()) {
    return fail(Code::json_wrong_type, place,
                fmt::format("field \"__metadata__\": expected an object, got {}", describe(entry)), "");
  }
  for (const auto& [name, value] : entry.get_ref<const Json::object_t&>()) {
    if (!value.is_string()) {
      return fail(Code::json_wrong_type, place + ", __metadata__",
                  fmt::format("field {}: expected text in quotes, got {}", quote(name), describe(value)),
                  "safetensors keeps metadata as text: turn an object into text first (json.dumps)");
    }
    content.metadata.emplace(name, value.get<std::string>());
  }
  return {};
}

/// Reads one tensor's entry; `data` is everything after the header.
Result<std::pair<Tensor, Extent>> read_tensor(const Json& entry, const std::string& name, std::string_view data,
                                              const std::string& place) {
  Tensor tensor;
  LUTGEN_TRY(tensor.dtype, get_string(entry, "dtype", place));
  LUTGEN_TRY(const Json* shape, get_field(entry, "shape", place));
  LUTGEN_TRY(tensor.shape, unsigned_elements(*shape, place + ", shape"));
  LUTGEN_TRY(const Json* offset_field, get_field(entry, "data_offsets", place));
  LUTGEN_TRY(const auto offsets, unsigned_elements(*offset_field, place + ", data_offsets"));
  if (offsets.size() != 2 || offsets[0] > offsets[1] || offsets[1] > data.size()) {
    return fail(Code::safetensors_bad_offsets, place,
                fmt::format("expected data_offsets [begin, end] with begin <= end <= {} (the bytes after the header), got [{}]",
                            data.size(), fmt::join(offsets, ", ")),
                "was the file copied to its end?");
  }
  const std::uint64_t found = offsets[1] - offsets[0];
  if (const std::uint64_t value_bytes = dtype_bytes(tensor.dtype); value_bytes != 0) {
    const auto expected = expected_bytes(value_bytes, tensor.shape);
    if (expected != found) {
      return fail(Code::safetensors_size_mismatch, place,
                  fmt::format("expected {} for {} of shape [{}], got {} (data_offsets [{}])",
                              expected ? fmt::format("{} bytes", *expected) : "more bytes than 64 bits can count",
                              tensor.dtype, fmt::join(tensor.shape, ", "), found, fmt::join(offsets, ", ")), "");
    }
  }
  tensor.bytes = data.substr(offsets[0], found);
  return std::pair{std::move(tensor), Extent{offsets[0], offsets[1], &name}};
}

/// Tensors must cover the data without overlap and without gap.
Result<void> check_extents(std::vector<Extent>& extents, std::uint64_t data_bytes, const std::string& place) {
  std::sort(extents.begin(), extents.end(), [](const Extent& a, const Extent& b) {
    return std::tie(a.begin, a.end, *a.name) < std::tie(b.begin, b.end, *b.name);
  });
  std::uint64_t covered = 0;
  const std::string* before = nullptr;
  for (const Extent& extent : extents) {
    if (extent.begin < covered) {
      return fail(Code::safetensors_overlap, place,
                  fmt::format("tensors {} and {} overlap: expected the second to begin at byte {} or later, got {}",
                              quote(*before), quote(*extent.name), covered, extent.begin),
                  "each byte of the data belongs to one tensor");
    }
    if (extent.begin > covered) {
      return fail(Code::safetensors_gap, place,
                  fmt::format("expected tensor {} to begin at byte {}, got {}: the bytes between belong to no tensor",
                              quote(*extent.name), covered, extent.begin),
                  "the tensors must cover the data without a gap");
    }
    covered = extent.end;
    before = extent.name;
  }
  if (covered != data_bytes) {
    return fail(Code::safetensors_gap, place,
                fmt::format("expected the data to end at byte {} with the last tensor, got {} bytes", covered, data_bytes),
                "the tensors must cover the data without a gap");
  }
  return {};
}

}  // namespace

std::uint8_t Tensor::u8(std::size_t index) const { return load<std::uint8_t>(bytes, index); }
std::int32_t Tensor::i32(std::size_t index) const { return load<std::int32_t>(bytes, index); }
float Tensor::f32(std::size_t index) const { return load<float>(bytes, index); }

std::uint64_t dtype_bytes(std::string_view dtype) {
  struct Known {
    std::string_view name;
    std::uint64_t bytes;
  };
  static constexpr auto kKnown = std::to_array<Known>({{"BOOL", 1}, {"U8", 1}, {"I8", 1}, {"F8_E5M2", 1},
      {"F8_E4M3", 1}, {"U16", 2}, {"I16", 2}, {"F16", 2}, {"BF16", 2}, {"U32", 4}, {"I32", 4}, {"F32", 4},
      {"U64", 8}, {"I64", 8}, {"F64", 8}});
  for (const Known& known : kKnown) {
    if (known.name == dtype) return known.bytes;
  }
  return 0;
}

Result<Safetensors> parse_safetensors(std::string_view bytes, const std::string& place) {
  LUTGEN_TRY(const std::string_view header, header_text(bytes, place));
  const std::string header_place = place + " (header)";
  LUTGEN_TRY(const Json json, parse_json(header, header_place));
  const std::string_view data = bytes.substr(kLengthBytes + header.size());
  Safetensors content;
  std::vector<Extent> extents;
  for (const auto& [name, entry] : json.get_ref<const Json::object_t&>()) {
    if (name == "__metadata__") {
      LUTGEN_TRY_VOID(read_metadata(entry, content, header_place));
      continue;
    }
    LUTGEN_TRY(auto tensor, read_tensor(entry, name, data, fmt::format("{}: tensor {}", place, quote(name))));
    content.tensors.emplace(name, std::move(tensor.first));
    extents.push_back(tensor.second);
  }
  LUTGEN_TRY_VOID(check_extents(extents, data.size(), place));
  return content;
}

std::string serialize_safetensors(const Safetensors& content) {
  std::vector<std::pair<const std::string, Tensor>const*> order;
  for (const auto& entry : content.tensors) {
    const std::uint64_t value_bytes = dtype_bytes(entry.second.dtype);
    LUTGEN_CHECK(entry.first != "__metadata__");
    LUTGEN_CHECK(value_bytes == 0 || expected_bytes(value_bytes, entry.second.shape) == entry.second.bytes.size());
    order.push_back(&entry);
  }
  std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    return dtype_bytes(a->second.dtype) > dtype_bytes(b->second.dtype);
  });
  Json header = Json::object();
  if (!content.metadata.empty()) {
    Json& metadata = header["__metadata__"] = Json::object();
    for (const auto& [name, value] : content.metadata) metadata[name] = value;
  }
  std::string data;
  for (const auto* entry : order) {
    const Tensor& tensor = entry->second;
    header[entry->first] = {{"dtype", tensor.dtype},
                            {"shape", tensor.shape},
                            {"data_offsets", {data.size(), data.size() + tensor.bytes.size()}}};
    data += tensor.bytes;
  }
  std::string text = header.dump(-1, ' ', false, Json::error_handler_t::replace);
  text.resize((text.size() + 7) / 8 * 8, ' ');
  std::string file(kLengthBytes, '\0');
  const std::uint64_t length = text.size();
  std::memcpy(file.data(), &length, kLengthBytes);
  return file + text + data;
}

}  // namespace lutgen::io
