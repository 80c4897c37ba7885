// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>
#include <utility>

#include "lutgen_sim/bits.hpp"

namespace lutgen::sim {

/// A port of a Verilated model, whatever C++ type Verilator chose for it: CData (up to 8 bits),
/// SData (16), IData (32), QData (64) or VlWide (above). It refers to the model's member, which
/// must outlive it. A default-made port is not connected: writes do nothing, reads give 0.
class Port {
 public:
  Port() = default;

  /// name         as reports call it
  /// signal       the model's member, for example `top.features`
  /// width_bits   width of the port in Verilog, at most the bits of `signal`
  template <class Signal>
  Port(std::string name, Signal& signal, std::size_t width_bits)
      : name_(std::move(name)), width_bits_(width_bits) {
    if constexpr (std::is_integral_v<Signal>) {
      static_assert(std::is_unsigned_v<Signal>, "Verilated ports are unsigned");
      data_ = &signal;
      bytes_ = sizeof(Signal);
    } else {
      data_ = signal.data();  // VlWide: 32-bit words, least significant first
      static_assert(sizeof(*signal.data()) == 4, "VlWide has 32-bit words");
    }
  }

  [[nodiscard]] bool connected() const { return data_ != nullptr; }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::size_t width_bits() const { return width_bits_; }
  /// 32-bit words of a value of this port.
  [[nodiscard]] std::size_t word_count() const { return words_for(width_bits_); }

  /// Sets the port; `words` holds word_count() words, bits above the width 0. O(words).
  void write(const std::uint32_t* words) const {
    switch (data_ == nullptr ? 0 : bytes_) {
      case 0: return;
      case 1: *static_cast<std::uint8_t*>(data_) = static_cast<std::uint8_t>(words[0]); return;
      case 2: *static_cast<std::uint16_t*>(data_) = static_cast<std::uint16_t>(words[0]); return;
      case 4: *static_cast<std::uint32_t*>(data_) = words[0]; return;
      case 8: write_double_word(words); return;
      default: std::memcpy(data_, words, word_count() * sizeof(std::uint32_t)); return;
    }
  }

  /// Gets the port's value into word_count() words. O(words).
  void read(std::uint32_t* words) const {
    switch (data_ == nullptr ? 0 : bytes_) {
      case 0: std::memset(words, 0, word_count() * sizeof(std::uint32_t)); return;
      case 1: words[0] = *static_cast<const std::uint8_t*>(data_); return;
      case 2: words[0] = *static_cast<const std::uint16_t*>(data_); return;
      case 4: words[0] = *static_cast<const std::uint32_t*>(data_); return;
      case 8: read_double_word(words); return;
      default: std::memcpy(words, data_, word_count() * sizeof(std::uint32_t)); return;
    }
  }

  /// For ports of one bit.
  void write_bit(bool value) const {
    const std::uint32_t words[2] = {value ? 1u : 0u, 0};
    write(words);
  }

  /// For ports of one bit.
  [[nodiscard]] bool read_bit() const {
    std::uint32_t words[2] = {0, 0};
    if (connected()) read(words);
    return (words[0] & 1u) != 0;
  }

 private:
  static constexpr std::size_t kWide = 16;  // any value that is no integer's size

  void write_double_word(const std::uint32_t* words) const {
    const std::uint64_t high = width_bits_ > 32 ? words[1] : 0;
    *static_cast<std::uint64_t*>(data_) = (high << 32) | words[0];
  }

  void read_double_word(std::uint32_t* words) const {
    const std::uint64_t value = *static_cast<const std::uint64_t*>(data_);
    words[0] = static_cast<std::uint32_t>(value);
    if (width_bits_ > 32) words[1] = static_cast<std::uint32_t>(value >> 32);
  }

  std::string name_;
  std::size_t width_bits_ = 1;
  void* data_ = nullptr;
  std::size_t bytes_ = kWide;
};

}  // namespace lutgen::sim
