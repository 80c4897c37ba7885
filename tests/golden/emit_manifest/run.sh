# SPDX-License-Identifier: Apache-2.0
# What a test bench reads of a design: where every value of the model can be seen, and when.
make_model model.safetensors
"$LUTGEN" emit model.safetensors -o out >/dev/null
cat out/probes.json
