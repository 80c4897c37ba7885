#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: bitstream_xc7.sh PROGRAM
# A small real design through Yosys, nextpnr and fasm2bit: the bitstream is read back and compared, two runs
# give the same bytes, and a bit flipped in the bitstream is found. Exit 77: skipped, a tool is missing.
set -euo pipefail

program=$(realpath "$1")
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
toolchain=${LUTGEN_TOOLCHAIN:-${XDG_CACHE_HOME:-$HOME/.cache}/lutgen/toolchain}
export PATH=$PATH:$toolchain/bin
for tool in yosys nextpnr-himbaechel-xilinx xc7frames2bit bitread; do
  command -v "$tool" >/dev/null || { echo "SKIPPED: $tool is not installed (scripts/toolchain --only xc7)"; exit 77; }
done
database=
for folder in "${PRJXRAY_DB_DIR:-}" "$(dirname "$(command -v bitread)")/../share/prjxray/database" \
  "$toolchain/share/prjxray/database" "$toolchain/root/usr/share/prjxray/database"; do
  [[ -z $database && -n $folder && -d $folder/artix7 ]] && database=$folder
done
[[ -n $database ]] || { echo "SKIPPED: no Project X-Ray database (scripts/toolchain --only xc7)"; exit 77; }

top=$(mktemp -d -t lutgen-flow-XXXXXX)
trap 'rm -rf "$top"' EXIT
cd "$top"
# The cells stay as they are; only pads and the clock buffer are added. The newest Yosys of PATH may be the
# toolchain's, which stands last there.
yosys=$(command -v yosys)
[[ ! -x $toolchain/bin/yosys ]] || yosys=$toolchain/bin/yosys
"$yosys" -q -p "read_verilog -lib -specify +/xilinx/cells_sim.v; read_verilog $here/small.v
  hierarchy -check -top small; proc small; flatten; opt_clean
  iopadmap -bits -outpad OBUF I:O -inpad IBUF O:I small; clkbufmap -buf BUFG O:I; opt_clean
  blackbox =A:whitebox; write_json small.json"
nextpnr-himbaechel-xilinx --device xc7a35tcsg324-1 --json small.json -o xdc="$here/small.xdc" \
  -o fasm=small.fasm --seed 1 >nextpnr.log 2>&1 || { cat nextpnr.log; exit 1; }

options=(--part xc7a35tcsg324-1 --database "$database" --check)
"$program" fasm2bit small.fasm "${options[@]}" -o first.bit
"$program" fasm2bit small.fasm "${options[@]}" -o second.bit --json >second.json
cmp first.bit second.bit
grep -q '"missing": 0' second.json && grep -q '"extra": 0' second.json
grep -q '"lut_differences": 0' second.json
luts=$(sed -n 's/^  "luts": \([0-9]*\),$/\1/p' second.json)
((luts >= 8)) || { echo "expected at least the 8 tables of the design, found $luts"; exit 1; }

echo "== a bitread that drops a bit is found out"
mkdir bin
cat >bin/bitread <<END
#!/usr/bin/env bash
set -e
"$(command -v bitread)" "\$@"
sed -i '5d' "\$5"
END
printf '#!/bin/sh\nexec %s "$@"\n' "$(command -v xc7frames2bit)" >bin/xc7frames2bit
chmod +x bin/*
if "$program" fasm2bit small.fasm "${options[@]}" --tools bin -o third.bit 2>error; then
  echo "expected a mismatch, found none"
  exit 1
fi
cat error
grep -q 'bitstream_mismatch.* 1 missing, 0 extra' error
[[ ! -e third.bit ]]
