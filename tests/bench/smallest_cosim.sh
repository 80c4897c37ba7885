#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: smallest_cosim.sh BENCH_COSIM
# 100 tables are co-simulated and measured beside plain Verilator. Exit 77: skipped, no Verilator.
set -euo pipefail

program=$(realpath "$1")
command -v verilator >/dev/null || { echo "SKIPPED: verilator is not installed"; exit 77; }
top=$(mktemp -d -t lutgen-bench-XXXXXX)
trap 'rm -rf "$top"' EXIT
cd "$top"
fail() { echo "bench: $*"; exit 1; }

"$program" cosim.json work 100 300
"$program" cosim.json --page >page
[[ $(grep -c '^| 100 | lutgen |' page) == 2 && $(grep -c '^| 100 | plain |' page) == 2 ]] || fail "expected a build and a run of both, found $(<page)"
