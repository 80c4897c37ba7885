make_description bad.safetensors '{"format":1,
 "name" "small"}'
"$LUTGEN" info bad.safetensors
