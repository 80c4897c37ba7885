make_board
sed -i 's/"LFE5U-25F"/" "/' boards/small/board.toml
"$LUTGEN" boards small
