mkdir bin
printf '#!/bin/sh\necho "no bitstream at all" >"$8"\n' >bin/xc7frames2bit
cp bin/xc7frames2bit bin/bitread
chmod +x bin/*
echo INT_L_X0Y0.NL1BEG1.NN6END2 >f.fasm
"$LUTGEN" fasm2bit f.fasm --part mini1csg1-1 --database "$LUTGEN_ROOT/tests/unit/flow/mini_xray" --tools bin -o made.bit
