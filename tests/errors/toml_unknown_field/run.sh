make_board '[rest]
pin = "B1"'
"$LUTGEN" boards small
