printf '\nINT_L_X44Y0.NL1BEG1.NN6END2\n' >f.fasm
"$LUTGEN" fasm2bit f.fasm --part mini1csg1-1 --database "$LUTGEN_ROOT/tests/unit/flow/mini_xray" --frames out/f.frm
