make_board '[reset]
pin = "B1"
io_standard = "LVCMOS33"
active = "never"
source = "manual"'
"$LUTGEN" boards small
