#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: pairs.sh PROGRAM MAKE_LUTNET
# On Artix-7, LUTs of a layer rich in small ones are put into one position two by two: positions go down by as many as there are
# pairs more, what is routed is right (the build reads it back), and a second build gives the same bytes. Where nextpnr fails
# on the pairs, the build goes on without them; where a run with pairs misses the clock aimed at, the faster run of both is taken.
# Exit 77: skipped, a tool is missing.
set -euo pipefail

LUTGEN=$(realpath "$1") make_lutnet=$(realpath "$2")
top=$(mktemp -d -t lutgen-pairs-XXXXXX)
trap 'rm -rf "$top"' EXIT
cd "$top"
fail() { echo "pairs: $*"; exit 1; }
figure() { grep -m 1 "\"$1\":" "$2" | sed 's/.*: *//; s/[",]//g'; }
build() { # build NAME [OPTION...]
  local status=0
  "$LUTGEN" build lutnet.safetensors --measure --goal delay --input bits --no-prove --json -o "$1" "${@:2}" >"$1.json" 2>"$1.log" || status=$?
  ((status != 3)) || ! grep -q 'tool_missing\|xray_database_missing' "$1.log" || { echo "SKIPPED: $(grep -m 1 error "$1.log")"; exit 77; }
  ((status == 0)) || { cat "$1.log"; fail "the build failed"; }
  [[ $(figure mismatches "$1.json") == 0 ]] || fail "expected a read-back without mismatches"
}

# With the goal `delay`, as other sums take the small LUTs in.
"$make_lutnet" lutnet.safetensors 24 160
build paired
grep -q pair_failure paired.json && fail "expected pairs, found $(figure pair_failure paired.json)"
pairs=$(figure lut_pairs paired.json) chance=$(figure lut_pairs_by_chance paired.json)
((pairs >= 20 && pairs > chance)) || fail "expected 20 pairs or more, and more than the $chance by chance, found $pairs"

build again
cmp paired/core/seed1.pairs.py again/core/seed1.pairs.py || fail "two builds chose other pairs"
cmp paired/core/lutnet_like.bit again/core/lutnet_like.bit || fail "two builds gave different bitstreams"

# A nextpnr that does not take the script with the pairs.
nextpnr=$("$LUTGEN" doctor --json | grep -o '[^"]*/nextpnr-himbaechel-xilinx' | head -n 1)
mkdir bin
cat >bin/nextpnr-himbaechel-xilinx <<END
#!/usr/bin/env bash
for argument; do
  [[ \$argument != *.pairs.py ]] || { echo 'ERROR: no pairs here'; exit 1; }
done
exec '$nextpnr' "\$@"
END
chmod +x bin/nextpnr-himbaechel-xilinx
PATH=$top/bin:$PATH build plain
[[ $(figure pair_failure plain.json) == *"no pairs here"* ]] || fail "expected a build without pairs, found $(figure pair_failure plain.json)"
[[ -s plain/core/seed1.pairs.log ]] || fail "expected the log of what failed"
saved=$(($(figure luts plain.json) - $(figure luts paired.json)))
((saved == pairs - chance)) || fail "expected $((pairs - chance)) positions less with pairs, found $saved"

# No run reaches this clock: seed1.log is the faster run's, the other's has another name.
build fast --freq 1000
clock() { grep 'Max frequency for clock' "$1" | tail -n 1 | sed 's/.*: *\([0-9.]*\) MHz.*/\1/'; }
kept=$(find fast/core -name 'seed1.pairs.log' -o -name 'seed1.chance.log')
[[ $(wc -w <<<"$kept") == 1 ]] || fail "expected one log of a run not taken, found '$kept'"
taken=$(clock fast/core/seed1.log) left=$(clock "$kept")
awk -v taken="$taken" -v left="$left" 'BEGIN { exit !(left > 0 && taken >= left) }' || fail "took $taken MHz, left $left MHz"
