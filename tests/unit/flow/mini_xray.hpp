// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lutgen/flow/frames.hpp"
#include "tests/support/catch.hpp"

namespace lutgen::test {

inline constexpr const char* kMiniXray = LUTGEN_SOURCE_DIR "/tests/unit/flow/mini_xray";
inline constexpr const char* kMiniPart = "mini1csg1-1";

/// The miniature database of this folder.
inline flow::XrayDatabase mini_xray() {
  auto database = flow::XrayDatabase::open(kMiniXray, kMiniPart);
  if (!database) FAIL(to_text(database.error()));
  return *std::move(database);
}

/// A text with its features, and what they mean in bits.
struct MiniDesign {
  std::string text;
  flow::Fasm fasm;
  flow::FrameImage image;
};

/// Converts `text`; it must be right. The result's names point into `design.text`.
inline void convert_mini(MiniDesign& design, flow::XrayDatabase& database) {
  auto fasm = flow::parse_fasm(design.text, "f.fasm");
  if (!fasm) FAIL(to_text(fasm.error()));
  design.fasm = *std::move(fasm);
  auto image = flow::convert_fasm(design.fasm, database, "f.fasm");
  if (!image) FAIL(to_text(image.error()));
  design.image = *std::move(image);
}

}  // namespace lutgen::test
