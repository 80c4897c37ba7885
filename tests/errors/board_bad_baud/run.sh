make_board
sed -i 's/baud = 115200/baud = 8000000/' boards/small/board.toml
"$LUTGEN" boards small
