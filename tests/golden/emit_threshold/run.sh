# SPDX-License-Identifier: Apache-2.0
# Neurons that sum and compare, with residual bits: a tree of comparisons, weights of either sign.
make_threshold_model model.safetensors
"$LUTGEN" emit model.safetensors --family xc7 --pipeline none --top sums -o out >/dev/null
cat out/sums.v
