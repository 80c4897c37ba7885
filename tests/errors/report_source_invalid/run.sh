# SPDX-License-Identifier: Apache-2.0
printf '{"version": "0.1.0"}' >doctor.json
"$LUTGEN" report --info doctor.json --eval doctor.json -o out
