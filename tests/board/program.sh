#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: program.sh PROGRAM
# lutgen program: what it hands to the loader, and what the real loader says where no board is plugged in.
set -euo pipefail

program=$(realpath "$1")
top=$(mktemp -d -t lutgen-board-XXXXXX)
trap 'rm -rf "$top"' EXIT
cd "$top"
fault() { echo "$*"; exit 1; }

mkdir bin build
cat >bin/openFPGALoader <<'LOADER'
#!/bin/sh
[ "$1" = -V ] && { echo "openFPGALoader v9.9"; exit; }
echo "$@" >>arguments
LOADER
chmod +x bin/openFPGALoader
head -c 4000 /dev/zero >build/top.bit
cp build/top.bit build/top.bin
PATH=$top/bin:$PATH "$program" program build --board arty-a7-35t >said
PATH=$top/bin:$PATH "$program" program build --board icebreaker --flash --json >said.json
diff arguments - <<'WANTED' || fault "the loader got other arguments"
-b arty_a7_35t build/top.bit
-b ice40_generic -f build/top.bin
WANTED
grep -q 'Arty A7-35T holds build/top.bit (until it loses power)' said || fault "$(<said)"
grep -q '"flash": true' said.json || fault "$(<said.json)"

# A USB bus with a board on it would be written to: only a loader that sees no bus at all is asked.
loader=$("$program" doctor --json | sed -n '/"openFPGALoader"/,/}/p' | sed -n 's/.*"path": "\(.*\)".*/\1/p')
[[ -n $loader && $loader != null ]] || { echo "SKIPPED: openFPGALoader is not installed"; exit 0; }
[[ -z $(ls /dev/bus/usb 2>/dev/null) ]] || { echo "SKIPPED: a USB bus is here, the real loader could write to a board"; exit 0; }
status=0
"$program" program build --board arty-a7-35t 2>said || status=$?
((status == 3)) || fault "expected status 3, got $status: $(<said)"
grep -q 'error\[tool_failed\]' said || fault "$(<said)"
echo "the real loader: $(head -n 1 said)"
