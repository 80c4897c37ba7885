make_description bad.safetensors '{"format":18446744073709551617}'
"$LUTGEN" info bad.safetensors
