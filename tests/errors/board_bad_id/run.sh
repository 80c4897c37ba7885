make_board
sed -i 's/id = "small"/id = "large"/' boards/small/board.toml
"$LUTGEN" boards small
