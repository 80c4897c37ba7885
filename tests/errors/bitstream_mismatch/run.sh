# Stand-ins: a .bit file of four bytes, and a list that lacks one bit and has one too many.
mkdir bin
cat >bin/xc7frames2bit <<'END'
#!/bin/sh
{ printf '\000\011\017\360\017\360\017\360\017\360\000\000\001'
  printf 'a\000\002n\000b\000\002p\000c\000\002d\000d\000\002t\000e\000\000\000\004data'; } >"$8"
END
cat >bin/bitread <<'END'
#!/bin/sh
printf 'bit_00000107_001_00\nbit_00000120_000_00\n' >"$5"
END
chmod +x bin/*
echo INT_L_X0Y0.NL1BEG1.NN6END2 >f.fasm
"$LUTGEN" fasm2bit f.fasm --part mini1csg1-1 --database "$LUTGEN_ROOT/tests/unit/flow/mini_xray" --tools bin -o made.bit --check
