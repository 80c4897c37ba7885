make_description bad.safetensors '{"format":2,"name":"later"}'
"$LUTGEN" info bad.safetensors
