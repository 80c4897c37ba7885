make_board '[[led]]
pin = "B1"
pull = "down"
active = "low"
source = "manual"'
sed -i 's/"ecp5"/"ice40"/; s/io_standard = "LVCMOS33",*//' boards/small/board.toml
"$LUTGEN" boards small
