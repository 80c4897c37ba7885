board_head='format = = 1' make_board
"$LUTGEN" boards small
