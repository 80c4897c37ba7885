#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds the example of sim/README.md as a user would, runs it right and wrong.
# usage: run.sh SOURCE_ROOT WORK_FOLDER (made anew); exit 77: skipped, no Verilator
set -eu
source_root=$1 work=$2
command -v verilator > /dev/null || { echo "skipped: verilator is not installed"; exit 77; }
rm -rf "$work"
mkdir -p "$work"
cd "$work"
here=$source_root/tests/cosim/harness
verilator -Wall --cc --exe --build -O3 --Mdir obj -o weighted_sum \
  -CFLAGS "-std=c++20 -Wall -Wextra -I$source_root/sim" \
  "$here/weighted_sum.v" "$here/main.cpp" > build.log 2>&1 || { cat build.log; exit 1; }

# check STATUS PATTERN ARGUMENTS: the exit status, and what the result must hold
check() {
  expected_status=$1 pattern=$2
  shift 2
  status=0
  obj/weighted_sum "$@" > result.json || status=$?
  if [ "$status" != "$expected_status" ] || ! tr -d '\n' < result.json | grep -q "$pattern"; then
    echo "weighted_sum $*: expected status $expected_status and $pattern, got $status and"
    cat result.json
    exit 1
  fi
}
check 0 '"samples": 5000,.*"mismatches": 0,.*"valid_errors": 0,.*"latency_cycles": 2,.*"interval_cycles": 1,'
check 1 '"mismatches": 1,.*"valid_errors": 0,.*"first_mismatch": {"sample": 1234, .*"field": "sum_o"' value
check 1 '"latency_cycles": 2,.*"first_valid_error": {"cycle": 7, "expected": 0, "sample": null}' latency
grep -q '"lost_in_reset": 0' result.json && { echo "the reset lost nothing"; exit 1; }
echo passed
