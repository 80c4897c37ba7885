# SPDX-License-Identifier: Apache-2.0
# What is about hardware has no meaning for C: wrong usage, and nothing is written.
make_model model.safetensors
for option in "--goal area" "--family xc7" "--pipeline 3" "--input bits" "--optimize off" "--top 3x" "--top a__b"; do
  "$LUTGEN" emit model.safetensors --language c $option -o out 2>&1 && status=0 || status=$?
  echo "$option: status $status"
done
[[ ! -e out ]] && echo "nothing written"
