echo INT_L_X0Y0.NL1BEG1.NN6END2 >f.fasm
cp -r "$LUTGEN_ROOT/tests/unit/flow/mini_xray" database
echo 'INT_L.NL1BEG1.NN6END2 seven' >database/artix7/segbits_int_l.db
"$LUTGEN" fasm2bit f.fasm --part mini1csg1-1 --database database --frames out/f.frm
