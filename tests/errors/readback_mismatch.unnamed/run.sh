# SPDX-License-Identifier: Apache-2.0
# The tools are stand-ins: the routed netlist is what nextpnr-ecp5 made of this network, with the XOR of its first neuron
# turned into an OR, and the nets of the tables have lost their names.
make_model model.safetensors
make_place_and_route_tools tools
cat >tools/nextpnr-ecp5 <<TOOL
#!/bin/sh
case "\$*" in *--version*) echo 'nextpnr-ecp5 (Version 9.9)'; exit ;; esac
while [ \$# -gt 1 ]; do
  case \$1 in
    --report) echo '{"fmax": {"clk": {"achieved": 100.5, "constraint": 200}}}' >"\$2" ;;
    --write) sed s/core.l1_/lost_/ "$LUTGEN_ROOT/tests/errors/readback_mismatch/routed.json" >"\$2" ;;
  esac
  shift
done
TOOL
printf '#!/bin/sh\necho "Version 9.9"\nfor last; do :; done\ncase $last in *.new) echo bits >"$last" ;; esac\n' >tools/ecppack
chmod +x tools/*
export PATH=$PWD/tools:$PATH
status=0
"$LUTGEN" build model.safetensors --measure --board ulx3s-85f --threads 1 -o work 2>errors || status=$?
grep -v 'place and route\|: yosys\|golden model  \|read-back  ' errors >&2
[[ ! -e work/core/small_net.bit ]] || echo "the bitstream was left" >&2
exit "$status"
