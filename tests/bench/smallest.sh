#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: smallest.sh BENCH_AREA BENCH_SCALE
# A popcount of 16 bits, the argmax and 1,000 tables are measured, a part that is measured again replaces only itself, what
# does not end in time is said, and a part that does not exist is refused. Exit 77: skipped, a tool is missing.
set -euo pipefail

area=$(realpath "$1") scale=$(realpath "$2")
top=$(mktemp -d -t lutgen-bench-XXXXXX)
trap 'rm -rf "$top"' EXIT
cd "$top"
fail() { echo "bench: $*"; exit 1; }
measure() { # measure PARTS LIMIT_S
  local status=0
  "$area" area.json work none.safetensors "$scale" "$1" 16 16 1000 "$2" 2>log || status=$?
  ((status == 0)) || ! grep -q 'tool_missing\|xray_database_missing' log || { echo "SKIPPED: $(grep -m 1 error log)"; exit 77; }
  ((status == 0)) || { cat log; fail "bench_area ended with status $status"; }
}
row() { "$area" area.json --page | grep "^| $1 |" || fail "expected a row '$1', found $("$area" area.json --page)"; }

measure popcount_threshold,argmax,scaling 600
row 'popcount >= n/2, n = 16' | awk -F'|' '{ exit !($4 > 0 && $4 < 0.6 * $6 && $9 > 0) }' || fail "expected 0.60 of Yosys' positions at most"
row '10 bits' | awk -F'|' '{ exit !($3 > 30 && $3 < $4) }' || fail "expected an argmax smaller than Yosys'"
[[ $(grep -c '"verdict": "proven"' area.json) == 2 ]] || fail "expected two networks that were proven"
measure popcount_threshold 0.001
row 'popcount >= n/2, n = 16' | grep -q '| - | - | - |' || fail "expected no figures after a millisecond"
grep -q 'did not end within 0.001 s' area.json || fail "expected the reason"
row '7 bits' >row
"$area" area.json work none.safetensors "$scale" argmux 16 16 1000 1 2>log && fail "expected that argmux is refused"
grep -q "no part is called argmux" log || fail "expected the name in $(cat log)"
