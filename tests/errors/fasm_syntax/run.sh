printf 'INT_L_X0Y0.NL1BEG1.NN6END2\nINT_L_X0Y0 = 1\n' >f.fasm
"$LUTGEN" fasm2bit f.fasm --part mini1csg1-1 --database "$LUTGEN_ROOT/tests/unit/flow/mini_xray" --frames out/f.frm
