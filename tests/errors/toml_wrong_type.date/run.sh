make_board
sed -i 's/speed = "6"/speed = 2024-05-06/' boards/small/board.toml
"$LUTGEN" boards small
