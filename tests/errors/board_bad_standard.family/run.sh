make_board
sed -i 's/"ecp5"/"ice40"/' boards/small/board.toml
"$LUTGEN" boards small
