make_board
sed -i 's/"A2"/"A1"/' boards/small/board.toml
"$LUTGEN" boards small
