make_board
sed -i '0,/LVCMOS33/s//LVCMOS34/' boards/small/board.toml
"$LUTGEN" boards small
