#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Proves every simulation model of rtl/cells/FAMILY equal to Yosys' own model of that cell, by SAT:
# tables for every INIT with one bit set and for seeded random ones, flops by induction.
# usage: equivalence.sh SOURCE_ROOT FAMILY WORK_FOLDER (made anew); exit 77: skipped, no Yosys
set -eu
source_root=$1 family=$2 work=$3
command -v yosys > /dev/null || { echo "skipped: yosys is not installed"; exit 77; }
case $family in xc7) techlib=xilinx ;; *) techlib=$family ;; esac
rm -rf "$work"
mkdir -p "$work"
cd "$work"
cells=$source_root/rtl/cells/$family

# One wrapper module for each cell, instantiating it with many parameters on shared inputs.
awk -v family="$family" -f "$source_root/tests/cosim/cells/wrappers.awk" > wrappers.v

# load SIDE FILES [COMMAND]: the wrappers over one set of models, flattened, changed by COMMAND, stashed under that
# name. Yosys leaves open how a flop of some families starts; ours start as 0, so its undefined ones are set to it.
load() {
  side=$1
  echo "design -reset"
  echo "read_verilog -defer $2"  # what is not used is not elaborated
  echo "read_verilog wrappers.v"
  echo "hierarchy -check -top wrap_$cell"
  echo "proc"
  echo "flatten"
  echo "opt_clean"
  echo "${3:-}"
  echo "rename wrap_$cell $side"
  echo "design -stash $side"
}

for cell in $(sed -n 's/^module wrap_\([A-Z0-9_]*\).*/\1/p' wrappers.v); do
  {
    load gold "+/$techlib/cells_sim.v" "setundef -init -zero"
    load gate "$cells/*.v"
    echo "design -copy-from gold -as gold gold"
    echo "design -copy-from gate -as gate gate"
    echo "miter -equiv -flatten -make_assert -make_outputs gold gate miter"
    echo "hierarchy -top miter"
    echo "clk2fflogic"
    echo "opt_clean"
    echo "sat -verify -prove-asserts -tempinduct -set-init-undef -set-def-inputs -seq 1 -show-inputs -show-outputs miter"
  } > "$cell.ys"
  if ! yosys -q -l "$cell.log" "$cell.ys" > /dev/null 2>&1; then
    echo "$cell: not equal to Yosys' model, or the proof failed; log: $work/$cell.log"
    tail -40 "$cell.log"
    exit 1
  fi
  echo "$cell: equal ($(grep -c "^  $cell " wrappers.v || true) parameter sets)"
done
# Every cell that we ship was in the list.
for file in "$cells"/*.v; do
  grep -q "^module wrap_$(basename "$file" .v) " wrappers.v || { echo "$file is not tested"; exit 1; }
done
