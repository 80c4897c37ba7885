make_board
sed -i 's/freq_mhz = 25/freq_mhz = "25"/' boards/small/board.toml
"$LUTGEN" boards small
