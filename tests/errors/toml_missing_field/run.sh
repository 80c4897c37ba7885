board_tools='[tools]
nextpnr = []
source = "manual"' make_board
"$LUTGEN" boards small
