// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "tests/fuzz/targets.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t bytes, std::size_t max_bytes);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t bytes) {
  lutgen::fuzz::run_model({reinterpret_cast<const char*>(data), bytes});
  return 0;
}

/// Changes the header three times out of four, and then makes its length right again: otherwise most changes
/// would end in "truncated".
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t bytes, std::size_t max_bytes,
                                               unsigned seed) {
  constexpr std::size_t kLengthBytes = 8;
  std::uint64_t header = 0;
  if (bytes >= kLengthBytes) std::memcpy(&header, data, kLengthBytes);
  if (seed % 4 == 0 || bytes < kLengthBytes || header > bytes - kLengthBytes) {
    return LLVMFuzzerMutate(data, bytes, max_bytes);
  }
  // The header is changed in place; the tensors' bytes are put after it again.
  const std::string rest(reinterpret_cast<const char*>(data) + kLengthBytes + header, bytes - kLengthBytes - header);
  const std::size_t room = max_bytes - kLengthBytes - std::min(rest.size(), max_bytes - kLengthBytes);
  if (room == 0 || header > room) return LLVMFuzzerMutate(data, bytes, max_bytes);
  const std::uint64_t changed = LLVMFuzzerMutate(data + kLengthBytes, header, room);
  std::memcpy(data, &changed, kLengthBytes);
  std::memcpy(data + kLengthBytes + changed, rest.data(), rest.size());
  return kLengthBytes + changed + rest.size();
}
