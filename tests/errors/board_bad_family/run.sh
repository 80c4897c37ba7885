make_board
sed -i 's/"ecp5"/"ecp6"/' boards/small/board.toml
"$LUTGEN" boards small
