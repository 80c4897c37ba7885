# SPDX-License-Identifier: Apache-2.0
# As readback_mismatch, and the nets of the tables have lost their names.
sed s/core.l1_/lost_/ "$LUTGEN_ROOT/tests/errors/readback_mismatch/routed.json" >routed.json
build_that_differs "$PWD/routed.json"
