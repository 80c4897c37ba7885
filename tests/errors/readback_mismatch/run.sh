# SPDX-License-Identifier: Apache-2.0
# What was routed is what nextpnr-ecp5 made of this network, with the XOR of its first neuron turned into an OR.
build_that_differs "$LUTGEN_ROOT/tests/errors/readback_mismatch/routed.json"
