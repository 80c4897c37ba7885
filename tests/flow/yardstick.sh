#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: yardstick.sh PROGRAM
# A measuring build with two seeds and its yardstick says what it should, and the core goes through Yosys untouched: its cells
# in the netlist of a board build are those that were emitted. Exit 77: skipped, a tool is missing.
set -euo pipefail

LUTGEN=$(realpath "$1")
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
model=$root/sim/models/mnist-lut4-300.safetensors
top=$(mktemp -d -t lutgen-yardstick-XXXXXX)
trap 'rm -rf "$top"' EXIT
cd "$top"
fail() { echo "yardstick: $*"; exit 1; }
build() { # build NAME OPTION...
  local name=$1 status=0
  shift
  "$LUTGEN" build "$model" --board ice40-hx8k "$@" -o "$name" --json >"$name.json" 2>"$name.log" || status=$?
  ((status != 3)) || ! grep -q 'tool_missing' "$name.log" || { echo "SKIPPED: $(grep -m 1 error "$name.log")"; exit 77; }
  ((status == 0)) || { cat "$name.log"; fail "the build failed"; }
}

build measure --measure --input bits --seeds 2 --yardstick
[[ $(grep -c '"route_throughs":' measure.json) == 4 ]] || fail "expected two runs of the core and two of the yardstick"
cmp -s measure/core/seed1.asc measure/core/seed2.asc && fail "both seeds gave the same placement"
ratio=$(sed -n 's/.*"lut_ratio": *//p' measure.json)
awk -v ratio="${ratio%,}" 'BEGIN { exit !(ratio > 0.5 && ratio < 1) }' || fail "expected fewer LUT positions than the yardstick, found the ratio $ratio"

build board
"$LUTGEN" emit "$model" --family ice40 --input bits --scores -o emit --json >emit.json
for cell in SB_LUT4 SB_CARRY SB_DFF; do
  emitted=$(grep -o "\"$cell\": [0-9]*" emit.json | head -n 1 | sed 's/.*: //')
  read_back=$(awk -v cell="\"$cell\"," '/^ *"core\./ { core = 1 } /^ *"type":/ { if (core && $2 == cell) ++n; core = 0 } END { print n + 0 }' board/netlist.json)
  [[ $emitted -gt 0 && $emitted == "$read_back" ]] || fail "expected $emitted $cell in the core after Yosys, found $read_back"
done
