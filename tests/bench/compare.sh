#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: compare.sh BENCH_COMPARE RESULTS
# What the comparison of two results says of changes, noise, few runs, lists in another order, other machines and bad files.
set -euo pipefail

compare=$(realpath "$1") results=$(realpath "$2")
top=$(mktemp -d -t lutgen-bench-XXXXXX)
trap 'rm -rf "$top"' EXIT
cd "$top"
fail() { echo "bench: $*"; exit 1; }
# result FILE MACHINE RUNS TABLES_MEDIAN,LEAST,MOST MS_MEDIAN,LEAST,MOST LUTS: two targets, the second first when RUNS is negative
result() {
  awk -v machine="$2" -v runs="$3" -v t="$4" -v c="$5" -v luts="$6" 'function spread(text, n) {
      split(text, s, ","); return sprintf("{\"median\": %s, \"least\": %s, \"most\": %s, \"runs\": %d}", s[1], s[2], s[3], n) }
    BEGIN { n = runs < 0 ? -runs : runs
      a = "{\"target\": \"a\", \"lut6_per_second\": " spread(t, n) ", \"luts\": " luts ", \"build_seconds\": " n "}"
      b = "{\"target\": \"b\", \"lut6_per_second\": " spread("70,69,71", n) ", \"codegen_ms\": " spread(c, n) "}"
      printf "{\"machine\": {\"processor\": \"%s\"}, \"targets\": [%s, %s]}\n", machine, runs < 0 ? b : a, runs < 0 ? a : b }' >"$1"
}
check() { # check NEW STATUS FIGURE VERDICT
  local status=0
  "$compare" old.json "$1" --all >page 2>log || status=$?
  [[ $status == "$2" ]] || fail "$1: expected exit status $2, found $status: $(cat page log)"
  grep -qF "| $3 |" page && grep -F "| $3 |" page | grep -q "| $4 |\$" || fail "$1: expected $3 to be $4, found $(cat page log)"
}
reject() { # reject FILE TEXT
  local status=0
  "$compare" old.json "$1" >page 2>log || status=$?
  [[ $status == 2 ]] || fail "expected exit status 2 for $1, found $status"
  grep -qF "$2" log || fail "expected '$2', found $(cat log)"
}
rate='targets[target=a].lut6_per_second' time='targets[target=b].codegen_ms'

result old.json here 15 100,90,110 10,9,11 500
result new.json here -15 101,89,130 10.4,9,11 500
check new.json 0 "$rate" same
check new.json 0 'targets[target=a].luts' equal
check new.json 0 'targets[target=a].build_seconds' 'not judged'
result new.json here 15 104,101,130 9.9,9,9.9 500
check new.json 0 "$rate" same # ranges say that it is faster, but by less than 5 percent
result new.json here 15 120,105,130 8,7,9.5 500
check new.json 0 "$rate" better # the ranges touch; the medians are outside
check new.json 0 "$time" better
result new.json here 15 80,70,95 10,9,11 501
check new.json 1 "$rate" worse
check new.json 1 "$time" same
check new.json 1 'targets[target=a].luts' 'count changed'
result new.json here 15 100,90,110 15,14,16 500
check new.json 1 "$time" worse
check new.json 1 "$rate" same
result new.json here 5 80,70,95 10,9,11 500
check new.json 0 "$rate" same # of five runs, ranges that touch say nothing
result new.json here 5 80,70,85 10,9,11 500
check new.json 1 "$rate" worse
result new.json here 3 50,49,51 10,9,11 500
check new.json 0 "$rate" 'not judged'

echo '{"machine": {"processor": "there"}, "targets": [{"target": "c", "luts": 1}, {"target": "a", "luts": 500}]}' >new.json
check new.json 0 "$time" 'only in old'
check new.json 0 'targets[target=c].luts' 'only in new'
grep -q "^warning: machine.processor differs, so figures are not comparable: 'here' in old, 'there' in new" page || fail "expected a warning, found $(cat page)"
"$compare" old.json new.json --json | grep -q '"only in new": 1' || fail "expected the number of new figures"

echo '{"targets": [' >bad.json
reject bad.json 'bad.json:2:1: error[json_syntax]'
echo '[]' >bad.json
reject bad.json 'bad.json: error[json_wrong_type]: expected an object, got a list of 0'
echo '{"machine": {}}' >bad.json
reject bad.json 'bad.json: error[json_missing_field]: expected figures, found none'
echo '{"codegen": {"codegen_ms": {"median": 1, "least": 1, "runs": 3}}}' >bad.json
reject bad.json 'bad.json: codegen.codegen_ms'
echo '{"codegen_ms": {"median": 5, "least": 6, "most": 7, "runs": 3}}' >bad.json
reject bad.json 'bad.json: codegen_ms: error[json_number_range]: expected least <= median <= most of one run or more, got least 6, median 5, most 7, runs 3'
reject none.json 'none.json'
"$compare" old.json 2>log && fail "expected that one file is refused"
grep -q 'expected two results' log || fail "expected the reason in $(cat log)"
"$compare" old.json old.json --least x 2>log && fail "expected that 'x' percent are refused"

# Every kept result can be read, and is not worse than itself.
for kept in "$results"/*.json; do
  "$compare" "$kept" "$kept" >page || fail "$kept compared with itself: $(cat page)"
  if grep -q 'only in\|changed\|better' page; then fail "$kept compared with itself: $(cat page)"; fi
done
