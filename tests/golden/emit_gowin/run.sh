# SPDX-License-Identifier: Apache-2.0
# The smallest network with every kind of layer, as Verilog of this family.
make_model model.safetensors
"$LUTGEN" emit model.safetensors --family gowin --pipeline 2 --top small_gowin -o out >/dev/null
cat out/small_gowin.v
