# SPDX-License-Identifier: Apache-2.0
make_model model.safetensors
"$LUTGEN" emit model.safetensors --family ice40 -o design >/dev/null
"$LUTGEN" prove model.safetensors --family xc7 --netlist design/*.v -o work
