# SPDX-License-Identifier: Apache-2.0
# A block RAM is none of the cells that networks are made of.
make_model model.safetensors
make_images images
make_routed routed.json '"ram": {"type": "RAMB18E1_RAMB18E1", "parameters": {}, "attributes": {}, "connections": {}}'
"$LUTGEN" readback model.safetensors routed.json --data images
