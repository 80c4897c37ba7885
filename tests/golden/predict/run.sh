# SPDX-License-Identifier: Apache-2.0
# Thresholds 3 and 4; the tables are "exclusive or" and "and" of both bits (6 and 8).
make_model model.safetensors
printf '3,4\n4,4\n3,5\n9,9\n' >features.csv
for target in auto portable; do
  "$LUTGEN" predict model.safetensors features.csv --features-only --target $target -o classes.csv --scores scores.csv 2>/dev/null
  paste -d ' ' features.csv classes.csv scores.csv
done
