# SPDX-License-Identifier: Apache-2.0
make_place_and_route_tools tools
export PATH=$PWD/tools:$PATH
mkdir -p boards/tiny
sed 's/^id = .*/id = "tiny"/; s/^luts = .*/luts = 100/' "$LUTGEN_ROOT/boards/arty-a7-35t/board.toml" >boards/tiny/board.toml
export LUTGEN_BOARDS=$PWD/boards
"$LUTGEN" build "$LUTGEN_ROOT/sim/models/mnist-lut6-1000.safetensors" --measure --board tiny -o out
