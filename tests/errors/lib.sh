#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes small files, right and wrong, out of nothing but bash. Sourced before each case's run.sh.

# usage: print_u64 NUMBER
# Eight bytes, least significant first.
print_u64() {
  local number=$1 i
  for ((i = 0; i < 8; ++i)); do
    printf "\\x$(printf %02x $((number >> (8 * i) & 255)))"
  done
}

# usage: make_safetensors FILE HEADER [DATA]
# HEADER is JSON; DATA is what printf prints, so that \xNN is a byte.
make_safetensors() {
  local LC_ALL=C
  { print_u64 ${#2}; printf %s "$2"; printf "${3:-}"; } >"$1"
}

# usage: make_description FILE DESCRIPTION [TENSORS [DATA]]
# A model file: DESCRIPTION is the text of lutgen.model, TENSORS the other entries of the header.
make_description() {
  local text=${2//\\/\\\\}
  text=${text//\"/\\\"}
  text=${text//$'\n'/\\n}
  make_safetensors "$1" "{\"__metadata__\":{\"lutgen.model\":\"$text\"}${3:+,$3}}" "${4:-}"
}

# What make_model writes unless a case says otherwise: two u8 features with one threshold each (t), two
# tables (b) of two inputs (i).
tensors='"t":{"dtype":"U8","shape":[2,1],"data_offsets":[0,2]},
"b":{"dtype":"U8","shape":[2,1],"data_offsets":[2,4]},
"i":{"dtype":"I32","shape":[2,2],"data_offsets":[4,20]}'
data='\x03\x04\x06\x08\0\0\0\0\x01\0\0\0\x01\0\0\0\0\0\0\0'
input='{"shape":[2],"type":"u8"}'
encoder='{"kind":"thermometer","thresholds":"t"}'
lut='{"kind":"lut","inputs":"i","tables":"b"}'
sum='{"kind":"group_sum","groups":2}'
argmax='{"kind":"argmax"}'

# usage: make_model FILE [LAYERS]
# A model file of these layers (comma between them), of $input, $tensors and $data.
make_model() {
  make_description "$1" \
    "{\"format\":1,\"name\":\"small\",\"input\":$input,\"layers\":[${2-$encoder,$lut,$sum,$argmax}]}" \
    "$tensors" "$data"
}

# usage: make_images FOLDER
# A folder of IDX files with three samples of two features each, for a model of make_model.
make_images() {
  mkdir -p "$1"
  printf '\0\0\x08\x02\0\0\0\x03\0\0\0\x02abcdef' >"$1/t10k-images-idx3-ubyte"
  printf '\0\0\x08\x01\0\0\0\x03\0\x01\0' >"$1/t10k-labels-idx1-ubyte"
}

# usage: make_place_and_route_tools FOLDER [CELLS]
# Stand-ins for yosys and nextpnr that say a new version and write a placed design of these cells.
make_place_and_route_tools() {
  mkdir -p "$1"
  cat >"$1/yosys" <<'TOOL'
#!/bin/sh
[ "$1" = -V ] && echo "Yosys 9.9"
echo '{"modules": {"top": {"ports": {}, "cells": {}, "netnames": {}}}}' >netlist.json
TOOL
  cat >"$1/nextpnr-himbaechel-xilinx" <<'TOOL'
#!/bin/sh
case "$*" in *--version*) echo 'nextpnr-himbaechel-xilinx (Version 9.9)'; exit ;; esac
while [ $# -gt 1 ]; do
  case $1 in
    --report) echo '{"fmax": {"clk": {"achieved": 100.5, "constraint": 200}}}' >"$2" ;;
    --write) echo "{\"modules\": {\"top\": {\"cells\": CELLS}}}" >"$2" ;;
    -o) [ "${2#fasm=}" = "$2" ] || echo >"${2#fasm=}" ;;
  esac
  shift
done
TOOL
  local cells=${2:-{\}}
  sed -i "s|CELLS|${cells//\"/\\\\\"}|" "$1/nextpnr-himbaechel-xilinx"
  chmod +x "$1"/*
}

# usage: make_ecp5_tools FOLDER ROUTED
# Stand-ins for yosys, nextpnr-ecp5 and ecppack; what was routed is the file ROUTED.
make_ecp5_tools() {
  make_place_and_route_tools "$1"
  cat >"$1/nextpnr-ecp5" <<TOOL
#!/bin/sh
case "\$*" in *--version*) echo 'nextpnr-ecp5 (Version 9.9)'; exit ;; esac
while [ \$# -gt 1 ]; do
  case \$1 in
    --report) echo '{"fmax": {"clk": {"achieved": 100.5, "constraint": 200}}}' >"\$2" ;;
    --write) cp "$2" "\$2" ;;
  esac
  shift
done
TOOL
  printf '#!/bin/sh\necho "Version 9.9"\nfor last; do :; done\ncase $last in *.new) echo bits >"$last" ;; esac\n' >"$1/ecppack"
  chmod +x "$1"/*
}

# usage: build_that_differs ROUTED
# A measuring build whose routed netlist is the file ROUTED; its bitstream must not be left.
build_that_differs() {
  make_model model.safetensors
  make_ecp5_tools tools "$1"
  local status=0
  PATH=$PWD/tools:$PATH "$LUTGEN" build model.safetensors --measure --board ulx3s-85f --threads 1 -o work 2>errors || status=$?
  grep -v 'place and route\|: yosys\|golden model  \|read-back  ' errors >&2
  [[ ! -e work/core/small_net.bit ]] || echo "the bitstream was left" >&2
  exit "$status"
}

# What make_board writes unless a case says otherwise: its tables, one variable each.
board_head='format = 1
id = "small"
name = "Small board"
url = "https://example.org/"'
board_device='[device]
family = "ecp5"
part = "LFE5U-25F"
package = "CABGA256"
speed = "6"
source = "manual, page 1"'
board_capacity='[capacity]
luts = 24288
flops = 24288
source = "data sheet, table 1"'
board_tools='[tools]
nextpnr = ["--25k"]
loader = "small"
source = "manual, page 2"'
board_clock='[clock]
pin = "P6"
io_standard = "LVCMOS33"
freq_mhz = 25
source = "manual, page 3"'
board_uart='[uart]
baud = 115200
rx = { pin = "A1", io_standard = "LVCMOS33", source = "manual, page 4" }
tx = { pin = "A2", io_standard = "LVCMOS33", source = "manual, page 4" }'

# usage: make_board [EXTRA]
# The board `small`, where $LUTGEN_BOARDS leads to; EXTRA is put at its end.
make_board() {
  export LUTGEN_BOARDS=boards
  mkdir -p boards/small
  printf '%s\n\n' "$board_head" "$board_device" "$board_capacity" "$board_tools" "$board_clock" "$board_uart" \
    "${1:-}" >boards/small/board.toml
}

# usage: make_routed FILE CELLS
# A routed netlist of these cells, as nextpnr writes it; its one port is scan_pin, wire 2.
make_routed() {
  printf '{"modules": {"top": {"ports": {"scan_pin": {"direction": "input", "bits": [2]}}, "netnames": {}, "cells": {%s}}}}\n' \
    "$2" >"$1"
}

# usage: open_terminal
# A pseudo-terminal: its name in $terminal; what is written to file descriptor $to_host can be read there, what is written
# there can be read from $from_host. Skips the case where there is none.
open_terminal() {
  mkfifo to_host from_host terminal_name never
  script -qfc 'tty >terminal_name; exec cat never' /dev/null <to_host >from_host 2>/dev/null &
  terminal_process=$!
  exec {to_host}>to_host {from_host}<from_host
  # Open both ways, so that it does not wait for a writer that never comes.
  if ! read -t 20 -r terminal <>terminal_name; then
    kill "$terminal_process" 2>/dev/null || true
    echo "no pseudo-terminal: \`script\` gave none within 20 s"
    exit 77
  fi
}

# usage: close_terminal
close_terminal() {
  kill "$terminal_process"
  wait "$terminal_process" || true
}

# usage: print_i32 NUMBER...
# Each as printf's \xNN, least significant byte first, for the DATA of make_safetensors.
print_i32() {
  local number shift
  for number in "$@"; do
    for shift in 0 8 16 24; do printf '\\x%02x' $((number >> shift & 255)); done
  done
}

# usage: make_threshold_model FILE [OFFSETS [WEIGHTS [THRESHOLDS]]]
# A network of six bits and one threshold layer of two neurons: three terms each, two bits each. Lists of numbers.
make_threshold_model() {
  local input='{"shape":[6],"type":"bit"}' tensors data
  tensors='"o":{"dtype":"I32","shape":[3],"data_offsets":[0,12]},
"i":{"dtype":"I32","shape":[6],"data_offsets":[12,36]},
"w":{"dtype":"I32","shape":[6],"data_offsets":[36,60]},
"t":{"dtype":"I32","shape":[2,3],"data_offsets":[60,84]}'
  data=$(print_i32 ${2:-0 3 6} 0 1 2 3 4 5 ${3:-1 1 1 2 -1 -2} ${4:-1 0 2 -1 -2 1})
  make_model "$1" '{"kind":"threshold","offsets":"o","inputs":"i","weights":"w","thresholds":"t"}'
}
