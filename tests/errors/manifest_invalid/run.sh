# SPDX-License-Identifier: Apache-2.0
make_model model.safetensors
make_images images
mkdir design
printf '{"format": 2}' >design/manifest.json
"$LUTGEN" cosim model.safetensors --design design --data images -o out
