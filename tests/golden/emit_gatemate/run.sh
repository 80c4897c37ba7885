# SPDX-License-Identifier: Apache-2.0
# The smallest network with every kind of layer, as Verilog of this family.
make_model model.safetensors
"$LUTGEN" emit model.safetensors --family gatemate --pipeline 4 --top small_gatemate -o out >/dev/null
cat out/small_gatemate.v
