echo "CLBLL_L_X0Y0.SLICEL_X0.ALUT.INIT[31:0] = 64'h0123456789abcdef" >f.fasm
"$LUTGEN" fasm2bit f.fasm --part mini1csg1-1 --database "$LUTGEN_ROOT/tests/unit/flow/mini_xray" --frames out/f.frm
