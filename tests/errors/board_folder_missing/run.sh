LUTGEN_BOARDS=boards "$LUTGEN" boards
