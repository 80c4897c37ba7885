#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# scripts/toolchain installs what is missing, does nothing the second time, and lutgen finds every tool.
# usage: toolchain.sh SOURCE_FOLDER LUTGEN_PROGRAM
set -euo pipefail
source_root=$1 lutgen=$2
families=(xc7 ecp5 ice40)
work=$(mktemp -d -t lutgen-toolchain-XXXXXX)
trap 'rm -rf "$work"' EXIT
fail() { echo "toolchain: $*" >&2; exit 1; }

# The script and the program have one table: the programs (yosys-abc is Yosys' own affair) and their versions.
"$source_root/scripts/toolchain" --table | awk '$2 != "yosys-abc" { print $1, $2, $3 }' | sort >"$work/script"
"$lutgen" doctor --json >"$work/doctor.json" || true
python=$(command -v python3) || { echo "SKIPPED: no python3 to read JSON with"; exit 77; }
"$python" -c '
import json, sys
for tool in json.load(open(sys.argv[1]))["flow"]:
    if tool["program"] != "prjxray-database":
        print(tool["family"], tool["program"], tool["minimum"] or "-")
' "$work/doctor.json" | sort >"$work/program"
diff -u "$work/script" "$work/program" || fail "scripts/toolchain and lutgen/flow/toolchain.cpp name different tools or versions"

if ! "$source_root/scripts/toolchain" >"$work/log" 2>&1; then
  cat "$work/log"
  echo "SKIPPED: scripts/toolchain could not install: $(tail -n 1 "$work/log")"
  exit 77
fi
cat "$work/log"
again=$("$source_root/scripts/toolchain")
[[ $again == "toolchain: nothing is missing"* ]] || fail "the second run did something: $again"
for family in "${families[@]}"; do
  "$lutgen" doctor --family "$family" >"$work/doctor" || { cat "$work/doctor"; fail "doctor misses tools of $family"; }
done
