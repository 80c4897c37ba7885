#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: expected.sh PROGRAM BOARD
# What `lutgen boards BOARD` says a build comes to is what it comes to, within 5 % (another version of the tools may
# place differently); and it is the same twice, byte for byte. Exit 77: skipped, a tool is missing.
set -euo pipefail

LUTGEN=$(realpath "$1") board=$2
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
top=$(mktemp -d -t lutgen-expected-XXXXXX)
trap 'rm -rf "$top"' EXIT
cd "$top"

"$LUTGEN" boards "$board" --json | sed -n '/"expected"/,$p' >expected.json
figure() { grep -m 1 "\"$1\":" "$2" | sed 's/.*: *//; s/[",]//g'; }
network=$(figure network expected.json)
for run in first second; do
  status=0
  "$LUTGEN" build "$root/sim/models/$network.safetensors" --board "$board" --seed "$(figure seed expected.json)" --json -o $run \
    >$run.json 2>$run.log || status=$?
  ((status != 3)) || ! grep -q 'tool_missing\|xray_database_missing' $run.log || { echo "SKIPPED: $(grep -m 1 error $run.log)"; exit 77; }
  ((status == 0)) || { cat $run.log; echo "expected: the build failed"; exit 1; }
done
bitstream=$(basename "$(figure bitstream first.json)")
cmp "first/$bitstream" "second/$bitstream" || { echo "expected: two builds gave different bitstreams"; exit 1; }
for name in luts ffs; do
  wanted=$(figure $name expected.json) found=$(figure $name first.json)
  echo "$name: expected about $wanted, found $found"
  ((found * 100 >= wanted * 95 && found * 100 <= wanted * 105)) || { echo "expected: $name is off by more than 5 %: mend boards/$board/board.toml"; exit 1; }
done
