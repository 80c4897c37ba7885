make_board
sed -i 's/"P6"/"IO_P6"/' boards/small/board.toml
"$LUTGEN" boards small
