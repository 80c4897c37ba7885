# SPDX-License-Identifier: Apache-2.0
make_model other.safetensors
"$LUTGEN" emit other.safetensors --family xc7 -o design >/dev/null
make_model model.safetensors "$encoder,$lut,$sum"
make_images images
"$LUTGEN" cosim model.safetensors --design design --data images -o out
