#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: compare_options.sh PROGRAM [--print]
# Compares what `lutgen VERB --help` says with the tables of lutgen/cli/README.md: every verb, every
# option, its default, its meaning. --print gives the tables as they should be.
set -euo pipefail

program=$(realpath "$1") mode=${2:-check}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# Help lines are "  -o,--name TYPE=default  meaning"; newer CLI11 writes "TYPE [default]"; a long
# left side or a long meaning goes on in the next, deeper line.
table_of() {
  echo "| option | default | meaning |"
  echo "|---|---|---|"
  "$program" "$1" --help | awk '
    function flush(   name, fallback) {
      sub(/ +$/, "", left)
      if (left == "") return
      fallback = "none"
      if (match(left, /(=| \[)[^] ]*\]?$/)) {
        fallback = substr(left, RSTART); gsub(/^(=| \[)|\]$/, "", fallback)
        left = substr(left, 1, RSTART - 1)
      }
      if (left !~ / /) fallback = "off"
      if (sub(/ REQUIRED/, "", left)) fallback = "required"
      gsub(/ \.\.\.$/, "", left); sub(/,--/, ", --", left)
      sub(/:(\{.*\}|[A-Z_]+.*)$/, "", left)
      if (meaning == "") problem = problem left " "
      if (left !~ /--help/) print "| `" left "` | " fallback " | " meaning " |"
      left = ""; meaning = ""
    }
    /^(Positionals|Options|OPTIONS|POSITIONALS):/ { inside = 1; next }
    /^[^ ]/ { flush(); inside = 0 }
    !inside || !/[^ ]/ { next }
    /^  ? ? ?[^ ]/ {
      flush()
      sub(/^ +/, "")
      if (match($0, /  +/)) { left = substr($0, 1, RSTART - 1); meaning = substr($0, RSTART + RLENGTH) }
      else left = $0
      next
    }
    { sub(/^ +/, ""); meaning = meaning (meaning == "" ? "" : " ") $0 }
    END { flush(); if (problem != "") print "options without a meaning: " problem }'
}

verbs=$("$program" --help | awk '/^(Subcommands|SUBCOMMANDS):/ { inside = 1; next } inside && /^ +[a-z]/ { print $1 }')
[[ $(wc -w <<<"$verbs") -ge 6 ]] || { echo "--help lists fewer than six verbs: $verbs"; exit 1; }
wanted=$(for verb in $verbs; do printf '## lutgen %s\n' "$verb"; table_of "$verb"; done)
if [[ $mode == --print ]]; then
  echo "$wanted"
  exit 0
fi
found=$(grep -E '^(## lutgen |\|)' "$root/lutgen/cli/README.md")
diff -u --label lutgen/cli/README.md --label "lutgen VERB --help" <(echo "$found") <(echo "$wanted") || {
  echo "lutgen/cli/README.md does not say what --help says; tests/docs/compare_options.sh PROGRAM --print"
  exit 1
}
