// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/xray_database.hpp"

#include <algorithm>
#include <charconv>
#include <unordered_set>

#include <fmt/core.h>

#include "lutgen/base/files.hpp"
#include "lutgen/flow/xray_files.hpp"
#include "lutgen/io/json.hpp"
#include "lutgen/io/quote.hpp"

namespace lutgen::flow {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kReinstall =
    "the folder is no Project X-Ray database, or a damaged one; Debian's package is prjxray-database";
constexpr std::uint64_t kMaxFrames = 128;  // minor addresses have 7 bits (UG470)

/// Names of the buses in tilegrid.json, and what their segbits files end in; by FrameBus.
struct BusName {
  std::string_view json;
  std::string_view suffix;
};
constexpr std::array<BusName, 2> kBuses{{{"CLB_IO_CLK", ".db"}, {"BLOCK_RAM", ".block_ram.db"}}};

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

/// Tile types become file names, so they may hold nothing else.
bool is_type_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || (c >= 'a' && c <= 'z');
  });
}

/// A file that not every tile type has; empty when there is none.
Result<std::string> read_optional(const fs::path& path) {
  std::error_code error;
  if (!fs::exists(path, error)) return std::string{};
  return base::read_file(path);
}

Result<std::uint32_t> base_address(const io::Json& bits, const std::string& place) {
  LUTGEN_TRY(const std::string text, io::get_string(bits, "baseaddr", place));
  std::uint32_t value = 0;
  const char* end = text.data() + text.size();
  const bool has_prefix = text.starts_with("0x");
  if (has_prefix) {
    const auto [stop, error] = std::from_chars(text.data() + 2, end, value, 16);
    if (error == std::errc{} && stop == end && value < (std::uint32_t{1} << 26U)) return value;
  }
  return fail(Code::xray_database_invalid, place,
              fmt::format("expected baseaddr as 0x and the hex digits of 26 bits, got {}", io::quote(text)),
              std::string(kReinstall));
}

/// One entry of a tile's "bits".
Result<TileSegment> read_segment(const io::Json& bits, XrayTile& tile, const std::string& place) {
  TileSegment segment;
  LUTGEN_TRY(segment.base_address, base_address(bits, place));
  LUTGEN_TRY(const std::uint64_t frames, io::get_unsigned(bits, "frames", place, kMaxFrames));
  LUTGEN_TRY(const std::uint64_t first, io::get_unsigned(bits, "offset", place, kFrameWords - 1));
  LUTGEN_TRY(const std::uint64_t words, io::get_unsigned(bits, "words", place, kFrameWords - first));
  segment.frames = static_cast<std::uint32_t>(frames);
  segment.first_word = static_cast<std::uint32_t>(first);
  segment.words = static_cast<std::uint32_t>(words);
  const io::Json* alias = io::find_field(bits, "alias");
  if (alias == nullptr || alias->is_null()) return segment;
  LUTGEN_TRY(tile.bits_type, io::get_string(*alias, "type", place));
  LUTGEN_TRY(const std::uint64_t skipped, io::get_unsigned(*alias, "start_offset", place, kFrameWords));
  segment.alias_words = static_cast<std::uint32_t>(skipped);
  LUTGEN_TRY(const io::Json* sites, io::get_object(*alias, "sites", place));
  for (const auto& [name, there] : sites->items()) {
    if (there.is_string()) tile.sites.insert_or_assign(name, there.get<std::string>());
  }
  return segment;
}

Result<XrayTile> read_tile(const std::string& name, const io::Json& json, const std::string& file) {
  XrayTile tile;
  const std::string place = fmt::format("{}: tile {}", file, io::printable(name));
  tile.name = name;
  LUTGEN_TRY(tile.type, io::get_string(json, "type", place));
  tile.bits_type = tile.type;
  LUTGEN_TRY(const std::uint64_t grid_x, io::get_unsigned(json, "grid_x", place, UINT16_MAX));
  LUTGEN_TRY(const std::uint64_t grid_y, io::get_unsigned(json, "grid_y", place, UINT16_MAX));
  tile.grid_x = static_cast<std::uint32_t>(grid_x);
  tile.grid_y = static_cast<std::uint32_t>(grid_y);
  if (const io::Json* bits = io::find_field(json, "bits"); bits != nullptr && bits->is_object()) {
    for (std::size_t bus = 0; bus < kBuses.size(); ++bus) {
      const io::Json* entry = io::find_field(*bits, kBuses[bus].json);
      if (entry == nullptr) continue;
      LUTGEN_TRY(tile.segments[bus], read_segment(*entry, tile, place));
    }
  }
  if (!is_type_name(tile.type) || !is_type_name(tile.bits_type)) {
    return fail(Code::xray_database_invalid, place,
                fmt::format("expected a tile type of letters, digits and _, got {}", io::quote(tile.bits_type)),
                std::string(kReinstall));
  }
  return tile;
}

/// A value of one of the mapping files.
Result<std::string> mapped(const fs::path& path, std::string_view key, std::string_view field) {
  LUTGEN_TRY(const std::string text, base::read_file(path));
  LUTGEN_TRY(const auto values, parse_mapping(text, field, path.string()));
  const auto found = values.find(key);
  if (found != values.end() && is_type_name(found->second)) return found->second;
  return fail(Code::xray_database_invalid, path.string(),
              fmt::format("expected the field '{}' of '{}', found none", field, io::printable(key)),
              std::string(kReinstall));
}

/// The family folder that has the part.
Result<fs::path> find_family(const fs::path& folder, const std::string& part) {
  const bool is_name = !part.empty() && part.find('/') == std::string::npos && part[0] != '.';
  std::error_code error;
  for (const char* family : {"", "artix7", "kintex7", "spartan7", "zynq7"}) {
    const fs::path candidate = *family == '\0' ? folder : folder / family;
    if (is_name && fs::exists(candidate / part / "part.yaml", error)) return candidate;
  }
  return fail(Code::xray_part_unknown, folder.string(),
              fmt::format("expected the part {} in the database, found no folder of that name with a part.yaml",
                          io::quote(part)),
              "a part is named with package and speed grade, as in xc7a35tcsg324-1; --database names the folder "
              "that holds artix7");
}

}  // namespace

/// What belongs to one tile type. The tables point into the texts.
struct XrayDatabase::TypeTable {
  std::array<std::string, 2> texts;
  std::array<SegbitsTable, 2> segbits;
  std::string ppips_text;
  std::unordered_set<std::string_view> ppips;
};

XrayDatabase::XrayDatabase() = default;
XrayDatabase::XrayDatabase(XrayDatabase&&) noexcept = default;
XrayDatabase& XrayDatabase::operator=(XrayDatabase&&) noexcept = default;
XrayDatabase::~XrayDatabase() = default;

Result<XrayDatabase> XrayDatabase::open(const fs::path& folder, const std::string& part) {
  XrayDatabase database;
  LUTGEN_TRY(database.family_folder_, find_family(folder, part));
  const fs::path& family = database.family_folder_;
  database.part_folder_ = family / part;
  LUTGEN_TRY(const std::string device, mapped(family / "mapping" / "parts.yaml", part, "device"));
  LUTGEN_TRY(const std::string fabric, mapped(family / "mapping" / "devices.yaml", device, "fabric"));
  LUTGEN_TRY_VOID(database.read_grid(family / fabric / "tilegrid.json"));
  return database;
}

Result<void> XrayDatabase::read_grid(const fs::path& path) {
  LUTGEN_TRY(const std::string text, base::read_file(path));
  LUTGEN_TRY(const io::Json grid, io::parse_json(text, path.string()));
  if (!grid.is_object()) {
    return fail(Code::xray_database_invalid, path.string(),
                fmt::format("expected an object of tiles, got {}", io::describe(grid)), std::string(kReinstall));
  }
  tiles_.reserve(grid.size());
  for (const auto& [name, json] : grid.items()) {
    LUTGEN_TRY(XrayTile tile, read_tile(name, json, path.string()));
    tiles_.push_back(std::move(tile));
  }
  std::sort(tiles_.begin(), tiles_.end(), [](const XrayTile& a, const XrayTile& b) { return a.name < b.name; });
  tile_index_.reserve(tiles_.size());
  for (std::size_t i = 0; i < tiles_.size(); ++i) tile_index_.emplace(tiles_[i].name, i);
  return {};
}

const XrayTile* XrayDatabase::find_tile(std::string_view name) const {
  const auto found = tile_index_.find(name);
  return found == tile_index_.end() ? nullptr : &tiles_[found->second];
}

Result<XrayDatabase::TypeTable*> XrayDatabase::load_type(const XrayTile& tile) {
  std::string key = tile.type + ">" + tile.bits_type;
  if (const auto found = types_.find(key); found != types_.end()) return found->second.get();
  auto table = std::make_unique<TypeTable>();
  for (std::size_t bus = 0; bus < kBuses.size(); ++bus) {
    const fs::path path =
        family_folder_ / fmt::format("segbits_{}{}", lower(tile.bits_type), kBuses[bus].suffix);
    LUTGEN_TRY(table->texts[bus], read_optional(path));
    LUTGEN_TRY(table->segbits[bus], parse_segbits(table->texts[bus], path.string()));
  }
  const fs::path path = family_folder_ / fmt::format("ppips_{}.db", lower(tile.type));
  LUTGEN_TRY(table->ppips_text, read_optional(path));
  LUTGEN_TRY(const auto ppips, parse_ppips(table->ppips_text, path.string()));
  table->ppips.insert(ppips.begin(), ppips.end());
  return types_.emplace(std::move(key), std::move(table)).first->second.get();
}

Result<FeatureBits> XrayDatabase::find_feature(const XrayTile& tile, std::string_view feature,
                                               std::uint32_t address) {
  LUTGEN_TRY(const TypeTable* table, load_type(tile));
  if (table->ppips.contains(feature)) return FeatureBits{true, FrameBus::clb_io_clk, {}};
  std::string renamed;
  const std::string_view site = feature.substr(0, feature.find('.'));
  if (const auto there = tile.sites.find(site); there != tile.sites.end()) {
    renamed = there->second + std::string(feature.substr(site.size()));
    feature = renamed;
  }
  for (std::size_t bus = 0; bus < kBuses.size(); ++bus) {
    const SegbitsTable& segbits = table->segbits[bus];
    const auto found = segbits.features.find({feature, address});
    if (found == segbits.features.end() || !tile.segments[bus]) continue;
    const BitRange range = found->second;
    return FeatureBits{true, static_cast<FrameBus>(bus), std::span(segbits.bits).subspan(range.first, range.count)};
  }
  return FeatureBits{};
}

Result<FrameBit> XrayDatabase::locate(const XrayTile& tile, FrameBus bus, const SegmentBit& bit) const {
  const auto& segment = tile.segments[static_cast<std::size_t>(bus)];
  LUTGEN_CHECK(segment.has_value());
  const std::uint32_t word = bit.offset / 32U;
  const std::uint32_t own_word = word - segment->alias_words;
  const FrameBit place{segment->base_address + bit.frame,
                       static_cast<std::uint16_t>(segment->first_word + own_word),
                       static_cast<std::uint8_t>(bit.offset % 32U)};
  const bool is_inside = bit.frame < segment->frames && word >= segment->alias_words && own_word < segment->words;
  const bool is_ecc = place.word == kEccWord && ((kEccMask >> place.bit) & 1U) != 0;
  if (is_inside && !is_ecc) return place;
  return fail(Code::xray_database_invalid, family_folder_.string(),
              fmt::format("expected the bits of {} inside its {} frames and {} words{}, got {}_{:02}",
                          io::printable(tile.name), segment->frames, segment->words,
                          is_ecc ? " and outside the error-correcting code" : "", bit.frame, bit.offset),
              std::string(kReinstall));
}

std::vector<const XrayTile*> XrayDatabase::find_owners(const FrameBit& bit) const {
  std::vector<const XrayTile*> owners;
  for (const XrayTile& tile : tiles_) {
    for (const auto& segment : tile.segments) {
      if (segment && bit.address - segment->base_address < segment->frames &&
          std::uint32_t{bit.word} - segment->first_word < segment->words) {
        owners.push_back(&tile);
      }
    }
  }
  return owners;
}

Result<std::vector<std::string>> XrayDatabase::find_meanings(const XrayTile& tile, const FrameBit& bit) {
  LUTGEN_TRY(const TypeTable* table, load_type(tile));
  std::vector<std::string> names;
  for (std::size_t bus = 0; bus < kBuses.size(); ++bus) {
    if (!tile.segments[bus]) continue;
    for (const auto& [key, range] : table->segbits[bus].features) {
      for (std::size_t i = 0; i < range.count; ++i) {
        const SegmentBit& own = table->segbits[bus].bits[range.first + i];
        const auto place = own.is_set ? locate(tile, static_cast<FrameBus>(bus), own) : FrameBit{};
        if (!own.is_set || !place || *place != bit) continue;
        const bool has_address = key.name.ends_with("INIT") || key.address != 0;
        names.push_back(std::string(key.name) + (has_address ? fmt::format("[{}]", key.address) : ""));
      }
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace lutgen::flow
