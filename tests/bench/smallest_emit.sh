#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: smallest_emit.sh BENCH_EMIT LUTGEN MAKE_LAYERS
# The smallest form of scripts/bench emit: networks of 1,000 tables; each text is compared with its model on the way. And that comparison
# finds what is wrong in a text.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "bench: $*"; exit 1; }
"$1" "$work/emit.json" "$work/work" "$2" steps,command 1000 2>/dev/null
grep -q '"tables": 1000' "$work/emit.json"
grep -q '"write_bytes_per_second"' "$work/emit.json"
"$1" "$work/emit.json" --page | grep -q '^| 1000 | on |'

"$3" "$work/model" 200
"$2" emit "$work/model" -o "$work/out" --optimize off --top t >/dev/null
right=$work/out/t.v
"$1" --compare "$right" "$work/model" || fail "a right netlist was refused"
for fault in '/ l2_n7_y_lut/{s/0)) l/8)) l/;t;s/.)) l/0)) l/}' '/ l1_n3_y_lut/s/I0(l0_n[0-9]*_y/I0(l0_n49_y/' '/ l0_n5_y_lut/d' \
  's/assign bits = {l3_n49_y/assign bits = {l3_n48_y/'; do
  sed "$fault" "$right" >"$work/wrong.v"
  ! cmp -s "$right" "$work/wrong.v" || fail "$fault changes nothing"
  ! "$1" --compare "$work/wrong.v" "$work/model" 2>/dev/null || fail "not found: $fault"
done
