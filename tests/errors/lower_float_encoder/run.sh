# SPDX-License-Identifier: Apache-2.0
input='{"shape":[2],"type":"f32"}'
make_model model.safetensors
"$LUTGEN" emit model.safetensors -o out
