make_board
sed -i 's/format = 1/format = 2/' boards/small/board.toml
"$LUTGEN" boards small
