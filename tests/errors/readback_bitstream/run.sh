# SPDX-License-Identifier: Apache-2.0
# The bitstream holds a table where the routed netlist has none. bitread is a stand-in, the database a miniature.
make_model model.safetensors
make_images images
make_routed routed.json '"a": {"type": "IOB33_INBUF_EN", "parameters": {}, "attributes": {}, "connections": {"PAD": [2], "OUT": [3]}}'
board_device=${board_device/ecp5/xc7}
board_clock=${board_clock/P6/E3}
board_tools=${board_tools/loader/'pack_device = "mini1csg1-1"
loader'}
make_board
mkdir tools
printf '#!/bin/sh\nprintf "bit_00000120_000_00\\n" >"$5"\n' >tools/bitread
chmod +x tools/bitread
touch made.bit
export PATH=$PWD/tools:$PATH PRJXRAY_DB_DIR=$LUTGEN_ROOT/tests/unit/flow/mini_xray
"$LUTGEN" readback model.safetensors routed.json --board small --bitstream made.bit --data images
