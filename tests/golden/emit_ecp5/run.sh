# SPDX-License-Identifier: Apache-2.0
# The smallest network with every kind of layer, as Verilog of this family.
make_model model.safetensors
"$LUTGEN" emit model.safetensors --family ecp5 --pipeline 2 --top small_ecp5 -o out >/dev/null
cat out/small_ecp5.v
