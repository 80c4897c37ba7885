input='{"shape":[4096,4096],"type":"bit"}'
make_model bad.safetensors "{\"kind\":\"group_sum\",\"groups\":1,\"from\":[\"input\"$(printf ',"input"%.0s' {1..16})]}"
"$LUTGEN" info bad.safetensors
