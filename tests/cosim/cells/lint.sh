#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every simulation model of rtl/cells is clean for each tool that reads Verilog.
# usage: lint.sh SOURCE_ROOT; exit 77: skipped, none of the tools is installed
set -eu
source_root=$1
checked=0
for file in "$source_root"/rtl/cells/*/*.v; do
  if command -v verilator > /dev/null; then
    verilator --lint-only -Wall "$file"
    checked=1
  fi
  if command -v iverilog > /dev/null; then
    messages=$(iverilog -g2001 -Wall -t null "$file" 2>&1) || true
    [ -z "$messages" ] || { echo "$messages"; exit 1; }
    checked=1
  fi
done
if command -v yosys > /dev/null; then
  for folder in "$source_root"/rtl/cells/*/; do
    yosys -q -p "read_verilog -lib $folder*.v"
    yosys -q -p "read_verilog $folder*.v; hierarchy -check; proc; check -assert"
  done
  checked=1
fi
[ "$checked" = 1 ] || { echo "skipped: neither verilator, iverilog nor yosys is installed"; exit 77; }
