# SPDX-License-Identifier: Apache-2.0
# A routed design without the chain of flops of a measuring build.
make_model model.safetensors
make_images images
make_routed routed.json '"a": {"type": "IOB33_INBUF_EN", "parameters": {}, "attributes": {}, "connections": {"PAD": [2], "OUT": [3]}}'
"$LUTGEN" readback model.safetensors routed.json --data images
