// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/frames.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <tuple>

#include <fmt/core.h>

#include "lutgen/io/quote.hpp"

namespace lutgen::flow {
namespace {

/// The feature of a line as it was written, with the address that is meant.
std::string full_name(const FasmFeature& feature, std::uint32_t address) {
  return fmt::format("{}{}", feature.name,
                     feature.width > 1 || feature.low != 0 ? fmt::format("[{}]", address) : "");
}

/// Collects the bits of all features; goes on after unknown ones, so that their number can be told.
class Converter {
 public:
  Converter(const Fasm& fasm, XrayDatabase& database, const std::string& place)
      : fasm_(fasm), database_(database), place_(place) {}

  Result<FrameImage> run() {
    for (std::uint32_t i = 0; i < fasm_.features.size(); ++i) LUTGEN_TRY_VOID(add_feature(i));
    if (first_unknown_) {
      if (unknown_ > 1) first_unknown_->message += fmt::format(" ({} more unknown ones)", unknown_ - 1);
      return tl::make_unexpected(*std::move(first_unknown_));
    }
    LUTGEN_TRY_VOID(settle());
    return std::move(image_);
  }

 private:
  [[nodiscard]] std::string where(const FasmFeature& feature) const {
    return fmt::format("{}:{}", place_, feature.line);
  }

  void note_unknown(Code code, const FasmFeature& feature, std::string message, std::string hint) {
    ++unknown_;
    if (!first_unknown_) first_unknown_ = Diagnostic{code, where(feature), std::move(message), std::move(hint)};
  }

  Result<void> add_feature(std::uint32_t index) {
    const FasmFeature& feature = fasm_.features[index];
    const XrayTile* tile = database_.find_tile(feature.tile());
    if (tile == nullptr) {
      note_unknown(Code::fasm_unknown_tile, feature,
                   fmt::format("expected a tile of the part, got {}", io::quote(feature.tile())),
                   "was the design placed for another part?");
      return {};
    }
    for (std::uint32_t i = 0; i < feature.width; ++i) {
      if (!fasm_.bit(feature, i)) continue;
      ++image_.enabled;
      LUTGEN_TRY(const FeatureBits bits,
                 database_.find_feature(*tile, feature.local_name(), feature.low + i));
      if (!bits.known) {
        note_unknown(Code::fasm_unknown_feature, feature,
                     fmt::format("expected a feature of the tile type {}, got {}", io::printable(tile->type),
                                 io::quote(full_name(feature, feature.low + i), 120)),
                     "the database does not say which bits it stands for, so that no bitstream can be made");
        return {};
      }
      if (bits.bits.empty()) ++image_.pseudo;
      for (const SegmentBit& bit : bits.bits) {
        LUTGEN_TRY(const FrameBit place, database_.locate(*tile, bits.bus, bit));
        image_.claims.push_back({place, bit.is_set, index});
      }
    }
    return {};
  }

  /// Sorts the claims, drops repeated ones, finds contradictions, and fills the frames.
  Result<void> settle() {
    auto& claims = image_.claims;
    std::sort(claims.begin(), claims.end(), [](const BitClaim& a, const BitClaim& b) {
      return std::tie(a.bit, a.feature, a.is_set) < std::tie(b.bit, b.feature, b.is_set);
    });
    const BitClaim* previous = nullptr;
    for (const BitClaim& claim : claims) {
      if (previous != nullptr && previous->bit == claim.bit && previous->is_set != claim.is_set) {
        return conflict(*previous, claim);
      }
      previous = &claim;
    }
    claims.erase(std::unique(claims.begin(), claims.end(),
                             [](const BitClaim& a, const BitClaim& b) { return a.bit == b.bit; }),
                 claims.end());
    for (const BitClaim& claim : claims) {
      if (!claim.is_set) continue;
      image_.frames[claim.bit.address][claim.bit.word] |= std::uint32_t{1} << claim.bit.bit;
      ++image_.bits_set;
    }
    return {};
  }

  [[nodiscard]] tl::unexpected<Diagnostic> conflict(const BitClaim& first, const BitClaim& second) const {
    const FasmFeature& a = fasm_.features[first.feature];
    const FasmFeature& b = fasm_.features[second.feature];
    return fail(Code::fasm_conflict, where(b),
                fmt::format("expected features that agree, but {} {} bit {:08x}_{:03}_{:02}, which {} in line {} {}",
                            io::quote(b.name, 120), second.is_set ? "sets" : "clears", second.bit.address,
                            second.bit.word, second.bit.bit, io::quote(a.name, 120), a.line,
                            first.is_set ? "sets" : "clears"),
                "two things are placed in one spot, or two wires drive a third: no bitstream can mean both");
  }

  const Fasm& fasm_;
  XrayDatabase& database_;
  const std::string& place_;
  FrameImage image_;
  std::optional<Diagnostic> first_unknown_;
  std::size_t unknown_ = 0;
};

/// `bit_00400000_050_17`.
bool parse_bit(std::string_view text, FrameBit& bit) {
  constexpr std::string_view kStart = "bit_";
  if (!text.starts_with(kStart)) return false;
  const auto number = [](std::string_view digits, unsigned base, std::uint32_t maximum, auto& value) {
    std::uint32_t wide = 0;
    const char* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, wide, static_cast<int>(base));
    if (digits.empty() || error != std::errc{} || stop != end || wide > maximum) return false;
    value = static_cast<std::remove_reference_t<decltype(value)>>(wide);
    return true;
  };
  text = text.substr(kStart.size());
  const std::size_t first = text.find('_');
  const std::size_t second = first == std::string_view::npos ? first : text.find('_', first + 1);
  if (second == std::string_view::npos) return false;
  return number(text.substr(0, first), 16, UINT32_MAX, bit.address) &&
         number(text.substr(first + 1, second - first - 1), 10, kFrameWords - 1, bit.word) &&
         number(text.substr(second + 1), 10, 31, bit.bit);
}

/// Where the 64 bits of one lookup table are, from the start of its tile; for one tile type.
struct LutPlan {
  std::string site;
  char letter = 'A';
  FrameBus bus = FrameBus::clb_io_clk;
  std::array<SegmentBit, 64> bits{};
};

/// The lookup tables of a tile's type.
Result<std::vector<LutPlan>> plan_luts(const XrayTile& tile, XrayDatabase& database) {
  std::vector<LutPlan> plans;
  for (const char* kind : {"SLICEL", "SLICEM"}) {
    for (const char* column : {"_X0", "_X1"}) {
      for (char letter = 'A'; letter <= 'D'; ++letter) {
        LutPlan plan;
        plan.site = std::string(kind) + column;
        plan.letter = letter;
        const std::string name = fmt::format("{}.{}LUT.INIT", plan.site, letter);
        bool is_there = true;
        for (std::uint32_t i = 0; i < 64 && is_there; ++i) {
          LUTGEN_TRY(const FeatureBits found, database.find_feature(tile, name, i));
          is_there = found.known && found.bits.size() == 1 && found.bits[0].is_set;
          plan.bus = found.bus;
          if (is_there) plan.bits[i] = found.bits[0];
        }
        if (is_there) plans.push_back(plan);
      }
    }
  }
  return plans;
}

}  // namespace

bool is_set(const FrameMap& frames, const FrameBit& bit) {
  const auto frame = frames.find(bit.address);
  return frame != frames.end() && ((frame->second[bit.word] >> bit.bit) & 1U) != 0;
}

Result<FrameImage> convert_fasm(const Fasm& fasm, XrayDatabase& database, const std::string& place) {
  return Converter(fasm, database, place).run();
}

std::string frames_text(const FrameMap& frames) {
  std::string text;
  for (const auto& [address, words] : frames) {
    if (std::all_of(words.begin(), words.end(), [](std::uint32_t word) { return word == 0; })) continue;
    fmt::format_to(std::back_inserter(text), "0x{:08x} ", address);
    for (std::size_t i = 0; i < words.size(); ++i) {
      fmt::format_to(std::back_inserter(text), "{}0x{:08x}", i == 0 ? "" : ",", words[i]);
    }
    text += '\n';
  }
  return text;
}

Result<FrameMap> parse_bit_list(std::string_view text, const std::string& place) {
  FrameMap frames;
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::size_t end = text.find('\n');
    const std::string_view entry = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (entry.empty()) continue;
    FrameBit bit;
    if (!parse_bit(entry, bit)) {
      return fail(Code::bitstream_invalid, fmt::format("{}:{}", place, line),
                  fmt::format("expected bit_ADDRESS_WORD_BIT as bitread -y writes it, got {}", io::quote(entry)),
                  "another version of bitread? `lutgen doctor` shows which one was found");
    }
    const std::uint32_t mask = std::uint32_t{1} << bit.bit;
    if (bit.word == kEccWord && (mask & kEccMask) != 0) continue;
    frames[bit.address][bit.word] |= mask;
  }
  return frames;
}

Result<std::vector<LutInit>> read_lut_inits(const FrameMap& frames, XrayDatabase& database) {
  std::map<std::string, std::vector<LutPlan>, std::less<>> plans;
  std::vector<LutInit> luts;
  for (const XrayTile& tile : database.tiles()) {
    if (!tile.type.starts_with("CLB") || !tile.segments[0]) continue;
    auto known = plans.find(tile.type);
    if (known == plans.end()) {
      LUTGEN_TRY(auto made, plan_luts(tile, database));
      known = plans.emplace(tile.type, std::move(made)).first;
    }
    for (const LutPlan& plan : known->second) {
      LutInit lut{tile.name, plan.site, plan.letter, 0};
      for (std::uint32_t i = 0; i < 64; ++i) {
        LUTGEN_TRY(const FrameBit place, database.locate(tile, plan.bus, plan.bits[i]));
        if (is_set(frames, place)) lut.init |= std::uint64_t{1} << i;
      }
      if (lut.init != 0) luts.push_back(std::move(lut));
    }
  }
  std::sort(luts.begin(), luts.end());
  return luts;
}

}  // namespace lutgen::flow
