make_board
sed -i 's/"manual, page 3"/""/' boards/small/board.toml
"$LUTGEN" boards small
