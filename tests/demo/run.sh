#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: run.sh BUILD_FOLDER CHECK_REPORT
# Runs scripts/demo without the network and from a foreign folder, then checks what it left.
set -euo pipefail

build=$1 check_report=$2
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
top=$(mktemp -d -t lutgen-demo-XXXXXX)
trap 'rm -rf "$top"' EXIT
cd "$top"
for family in xc7 ecp5 ice40; do
  "$build/bin/lutgen" doctor --family "$family" >doctor || { cat doctor; echo "SKIPPED: the tools for $family are missing (scripts/toolchain)"; exit 77; }
done

"$root/scripts/demo" --offline --folder "$build" -o "$top/out" | tee "$top/log"
"$check_report" "$top/out/report.json"
grep -q xc7 "$top/out/report.md"
# Where MNIST is missing the demo has to say so.
grep -q '"data": "mnist"' "$top/out/report.json" || grep -q 'DRAWN BY A GENERATOR' "$top/log"
