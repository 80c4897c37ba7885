# SPDX-License-Identifier: Apache-2.0
# Two buffers drive one wire.
make_model model.safetensors
make_images images
make_routed routed.json '"a": {"type": "IOB33_INBUF_EN", "parameters": {}, "attributes": {}, "connections": {"PAD": [2], "OUT": [3]}},
  "b": {"type": "IOB33_INBUF_EN", "parameters": {}, "attributes": {}, "connections": {"PAD": [2], "OUT": [3]}}'
"$LUTGEN" readback model.safetensors routed.json --data images
