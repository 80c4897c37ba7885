#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: uart.sh
# Lints rtl/uart, then runs uart_bench.v at several numbers of clocks a bit.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
for tool in iverilog verilator; do
  command -v "$tool" >/dev/null || { echo "SKIPPED: $tool is not installed"; exit 0; }
done
top=$(mktemp -d -t lutgen-rtl-XXXXXX)
trap 'rm -rf "$top"' EXIT

for module in rx tx; do
  file=$root/rtl/uart/lutgen_uart_$module.v
  verilator --lint-only -Wall "$file"
  complaints=$(iverilog -g2001 -Wall -t null "$file" 2>&1) || true
  [[ -z $complaints ]] || { echo "$complaints"; exit 1; }
done
for clocks in 8 87 868; do
  iverilog -g2001 -P "uart_bench.CLOCKS_PER_BIT=$clocks" -o "$top/bench" \
    "$root/tests/rtl/uart_bench.v" "$root"/rtl/uart/lutgen_uart_*.v
  said=$(vvp -n "$top/bench")
  echo "$clocks clocks a bit: $said"
  [[ $said == "264 checks, 0 faults" ]] || exit 1
done
