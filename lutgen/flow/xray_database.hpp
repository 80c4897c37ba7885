// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lutgen/base/result.hpp"

namespace lutgen::flow {

/// A frame, the smallest piece of configuration memory that is written, has 101 words of 32 bits (UG470
/// "7 Series FPGAs Configuration", chapter "Configuration memory frames").
inline constexpr std::uint32_t kFrameWords = 101;

/// Bits 12..0 of this word of a frame are its error-correcting code; no feature owns them.
inline constexpr std::uint32_t kEccWord = 50;

/// Mask of the bits of `kEccWord` that belong to the code.
inline constexpr std::uint32_t kEccMask = 0x1fff;

/// The two kinds of frames that features live in.
enum class FrameBus : std::uint8_t { clb_io_clk, block_ram };

/// One bit of the configuration memory: bit `bit` (0 = least significant) of word `word` of the frame at
/// `address`. Addresses are those of the FAR register (UG470, table "Frame address register").
struct FrameBit {
  std::uint32_t address = 0;
  std::uint16_t word = 0;
  std::uint8_t bit = 0;

  /// Order of the configuration memory.
  friend auto operator<=>(const FrameBit&, const FrameBit&) = default;
  friend bool operator==(const FrameBit&, const FrameBit&) = default;
};

/// A bit of a feature as a segbits file names it: frame `frame` of the tile's column, bit
/// `32 * word + bit` counted from the tile's first word.
struct SegmentBit {
  std::uint16_t frame = 0;
  std::uint16_t offset = 0;
  bool is_set = true;
};

/// Where a tile's bits of one bus are.
///
/// base_address  of its first frame
/// frames        how many frames belong to it
/// first_word    of the tile in each of them
/// words         how many words belong to it
/// alias_words   words of the aliased tile type that come before this tile's own
struct TileSegment {
  std::uint32_t base_address = 0;
  std::uint32_t frames = 0;
  std::uint32_t first_word = 0;
  std::uint32_t words = 0;
  std::uint32_t alias_words = 0;
};

/// A tile of the device.
///
/// type        CLBLL_L
/// bits_type   the type whose segbits file describes it: another one for tiles that are a part of a
///             larger one (LIOB33_SING takes LIOB33)
/// sites       for those: name of a site here -> name there
/// segments    by FrameBus; none for tiles without configuration
/// grid_x, _y  column and row in the grid of all tiles, from the upper left
struct XrayTile {
  std::string name;
  std::string type;
  std::string bits_type;
  std::map<std::string, std::string, std::less<>> sites;
  std::array<std::optional<TileSegment>, 2> segments;
  std::uint32_t grid_x = 0;
  std::uint32_t grid_y = 0;
};

/// What the database knows of a feature of a tile.
///
/// known   false: neither a feature nor a pseudo-pip of this tile type
/// bus     which segment the bits belong to
/// bits    empty for pseudo-pips, which are wires that are always there; owned by the database
struct FeatureBits {
  bool known = false;
  FrameBus bus = FrameBus::clb_io_clk;
  std::span<const SegmentBit> bits;
};

/// The Project X-Ray database of one part: which bits of the configuration memory a feature means.
/// Formats: the project's documentation, chapter "Database", pages tilegrid, segbits, ppips and part.
///
/// The tile grid is read when it is opened, the files of a tile type when the first feature of that type is
/// looked up. Not to be used by several threads at once.
class XrayDatabase {
 public:
  /// Opens the database for `part` (`xc7a35tcsg324-1`). `folder` holds one folder for each family
  /// (artix7, ...), or is such a folder itself.
  ///
  /// Errors   xray_part_unknown; xray_database_invalid; those of reading files and JSON
  /// Cost     O(tile grid): 6.6 MB of JSON for xc7a35t
  [[nodiscard]] static Result<XrayDatabase> open(const std::filesystem::path& folder, const std::string& part);

  /// Moves; the tables stay where they are.
  XrayDatabase(XrayDatabase&&) noexcept;
  XrayDatabase& operator=(XrayDatabase&&) noexcept;
  ~XrayDatabase();

  /// Folder of the part: part.yaml, and required_features.fasm where the part has one.
  [[nodiscard]] const std::filesystem::path& part_folder() const { return part_folder_; }

  /// All tiles, sorted by name.
  [[nodiscard]] const std::vector<XrayTile>& tiles() const { return tiles_; }

  /// The tile of that name, or null. O(1).
  [[nodiscard]] const XrayTile* find_tile(std::string_view name) const;

  /// Looks up `feature` (without the tile's name) at `address` (0 when it has none).
  ///
  /// Errors   file_not_found, xray_database_invalid: the files of the tile's type
  /// Cost     O(1) on average; the first time O(files of the tile type)
  [[nodiscard]] Result<FeatureBits> find_feature(const XrayTile& tile, std::string_view feature,
                                                 std::uint32_t address);

  /// Where a bit of a feature of `tile` is in the configuration memory.
  ///
  /// Errors   xray_database_invalid when the bit lies outside the tile, or in the error-correcting code
  [[nodiscard]] Result<FrameBit> locate(const XrayTile& tile, FrameBus bus, const SegmentBit& bit) const;

  /// The tiles that own a bit, sorted by name; several where columns share frames. O(tiles).
  [[nodiscard]] std::vector<const XrayTile*> find_owners(const FrameBit& bit) const;

  /// Names of the features of `tile` that set a bit, sorted; for telling what a bit means. O(features).
  ///
  /// Errors   those of `find_feature`
  [[nodiscard]] Result<std::vector<std::string>> find_meanings(const XrayTile& tile, const FrameBit& bit);

 private:
  struct TypeTable;

  XrayDatabase();
  [[nodiscard]] Result<void> read_grid(const std::filesystem::path& path);
  [[nodiscard]] Result<TypeTable*> load_type(const XrayTile& tile);

  std::filesystem::path family_folder_;
  std::filesystem::path part_folder_;
  std::vector<XrayTile> tiles_;
  std::unordered_map<std::string_view, std::size_t> tile_index_;
  std::map<std::string, std::unique_ptr<TypeTable>, std::less<>> types_;
};

}  // namespace lutgen::flow
