make_board '[[led]]
pin = "B1"
io_standard = "LVCMOS33"
pull = "strong"
active = "low"
source = "manual"'
"$LUTGEN" boards small
