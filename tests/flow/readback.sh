#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: readback.sh PROGRAM BOARD KIND
# A network of two neurons is built for BOARD, KIND is measure or board, and read back after routing: the samples all come out
# right, and one changed table bit is found. On xc7 and ice40 the tables come out of the bitstream. Exit 77: skipped, a
# tool is missing.
set -euo pipefail

LUTGEN=$(realpath "$1") board=$2 kind=$3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(mktemp -d -t lutgen-readback-XXXXXX)
trap 'rm -rf "$top"' EXIT
cd "$top"
fail() { echo "readback: $*"; exit 1; }

source "$here/../errors/lib.sh"
make_model model.safetensors
# Below, at and above the thresholds 3 and 4 of the two features; 126 and 125 are escaped on the line.
for a in 0 3 4 126 255; do for b in 0 4 5 125; do echo "$a,$b,0"; done; done >samples.csv

options=(--board "$board")
[[ $kind == board ]] || options+=(--measure)
status=0
"$LUTGEN" build model.safetensors "${options[@]}" -o out >build.log 2>&1 || status=$?
((status != 3)) || ! grep -q 'tool_missing\|xray_database_missing' build.log ||
  { echo "SKIPPED: $(grep -m 1 error build.log)"; exit 77; }
((status == 0)) || { cat build.log; fail "the build failed"; }

if [[ $kind == board ]]; then folder=out; else folder=out/core; fi
netlist=$folder/seed1.routed.json
check() { "$LUTGEN" readback model.safetensors "$1" --board "$board" --kind "$kind" --data samples.csv "${@:2}"; }
tables=()
if [[ $board == arty-* && $kind == measure ]]; then
  "$LUTGEN" fasm2bit $folder/seed1.fasm --part xc7a35tcsg324-1 --check -o core.bit
  tables=(--bitstream core.bit)
elif [[ $board == arty-* ]]; then
  tables=(--bitstream out/small_net.bit)
elif [[ $board == ice* && $kind == board ]]; then
  tables=(--bitstream out/small_net.bin)
fi
check "$netlist" "${tables[@]}" --json >report.json
grep -q '"samples": 20' report.json && grep -q '"mismatches": 0' report.json || { cat report.json; fail "it does not pass"; }
check "$netlist" >plain.txt || { cat plain.txt; fail "the routed netlist alone does not pass"; }

echo "== a changed table bit is found"
# Every LUT of the network is turned round in turn: its complement is wrong for every sample.
grep -o '"core\.l1_n[01]_y_lut[A-Z_]*"' "$netlist" | sort -u >luts
[[ -s luts ]] || fail "expected the LUTs of the two neurons in $netlist, found none"
while read -r lut; do
  awk -v lut="$lut" '
    index($0, lut ": {") { inside = 1 }
    inside && /"(INIT|INITVAL|LUT_INIT|INIT_L10)": / {
      match($0, /"[01]+"/)
      init = substr($0, RSTART, RLENGTH)
      gsub(/0/, "x", init); gsub(/1/, "0", init); gsub(/x/, "1", init)
      $0 = substr($0, 1, RSTART - 1) init substr($0, RSTART + RLENGTH)
      inside = 0
    }
    { print }' "$netlist" >wrong.json
  ! cmp -s wrong.json "$netlist" || fail "no table of $lut was found to change"
  ! check wrong.json >wrong.txt 2>&1 || { cat wrong.txt; fail "the changed table of $lut was not found"; }
  neuron=${lut#*_n}
  grep -q "first difference: layer 1 (lut), neuron ${neuron%%_*}" wrong.txt || { cat wrong.txt; fail "$lut was not named"; }
done <luts
[[ $board != arty-* || $kind != measure ]] || {
  # The same in the bitstream: one table gets all other bits.
  awk '!done && match($0, /LUT.INIT\[63:0\] = 64.b/) {
    head = substr($0, 1, RSTART + RLENGTH - 1); bits = substr($0, RSTART + RLENGTH)
    gsub(/0/, "x", bits); gsub(/1/, "0", bits); gsub(/x/, "1", bits); $0 = head bits; done = 1
  } { print }' $folder/seed1.fasm >wrong.fasm
  ! cmp -s wrong.fasm $folder/seed1.fasm || fail "no table of the FASM was changed"
  "$LUTGEN" fasm2bit wrong.fasm --part xc7a35tcsg324-1 --check -o wrong.bit
  ! check "$netlist" --bitstream wrong.bit >wrong.txt 2>&1 || fail "the changed bit of the bitstream was not found"
  cat wrong.txt
}
