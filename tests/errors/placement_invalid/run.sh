# SPDX-License-Identifier: Apache-2.0
# The placer is a stand-in that writes a LUT at a place that is none.
make_model model.safetensors
make_place_and_route_tools tools '{"a": {"type": "SLICE_LUTX", "attributes": {"NEXTPNR_BEL": "X1"}}}'
export PATH=$PWD/tools:$PATH
"$LUTGEN" build model.safetensors --measure -o work 2>&1 >/dev/null | grep -v 'place and route\|: yosys' >&2
exit "${PIPESTATUS[0]}"
