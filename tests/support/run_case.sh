#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs one case folder of tests/errors or tests/golden and compares what it prints.
# usage: run_case.sh errors|golden FOLDER PROGRAM [--approve]
#
# FOLDER/run.sh       sourced by bash -eu in a fresh temporary folder, after tests/errors/lib.sh;
#                     $LUTGEN is the program, $LUTGEN_ROOT the project; exit 77 skips the case,
#                     with its last line on stdout as the reason
# FOLDER/expected.txt errors: exact stderr; golden: exact stdout; the temporary folder reads TMP
# FOLDER/filter.sed   optional: replaces what may differ from run to run (sed -E)
# FOLDER/status       the exit status, when it is not the usual one (errors: 1, golden: 0)
#
# After an error nothing may be left in a folder `out`, and no hidden file anywhere.
set -euo pipefail

kind=$1 folder=$(cd "$2" && pwd) mode=${4:-check}
LUTGEN=$(realpath "$3")
LUTGEN_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export LUTGEN LUTGEN_ROOT

top=$(mktemp -d -t lutgen-case-XXXXXX)
trap 'rm -rf "$top"' EXIT
mkdir "$top/work"
cd "$top/work"

library=$LUTGEN_ROOT/tests/errors/lib.sh
status=0
# A case must not see the caller's data sets, nor speak his language.
env -u LUTGEN_DATA LC_ALL=C TMPDIR="$top" bash -eu -c '[[ ! -f $0 ]] || source "$0"; source "$1"' \
  "$library" "$folder/run.sh" >"$top/stdout" 2>"$top/stderr" </dev/null || status=$?
if ((status == 77)); then
  echo "SKIPPED: $(tail -n 1 "$top/stdout")"
  exit 0
fi

if [[ $kind == errors ]]; then printed=stderr wanted_status=1; else printed=stdout wanted_status=0; fi
[[ ! -f $folder/status ]] || wanted_status=$(<"$folder/status")
filter=/dev/null
[[ ! -f $folder/filter.sed ]] || filter=$folder/filter.sed
sed "s|$top/work|TMP|g" "$top/$printed" | sed -E -f "$filter" >"$top/printed"
if [[ $mode == --approve ]]; then
  cp "$top/printed" "$folder/expected.txt"
  exit 0
fi

faults=0
fault() { echo "$folder: $*"; faults=1; }
((status < 128)) || fault "the program crashed (status $status)"
((status == wanted_status)) || fault "expected exit status $wanted_status, got $status"
diff -u --label "$folder/expected.txt" --label "what it printed on $printed" \
  "$folder/expected.txt" "$top/printed" ||
  fault "the text differs; if the new one is right: scripts/approve $kind/$(basename "$folder")"
if [[ $kind == errors ]]; then
  left=$([[ ! -d out ]] || find out ! -type d; find . -name '.?*' ! -type d)
  [[ -z $left ]] || fault "left behind: $left"
elif [[ -s $top/stderr ]]; then
  fault "expected nothing on stderr, got: $(<"$top/stderr")"
fi
exit "$faults"
