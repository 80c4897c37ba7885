make_safetensors bad.safetensors '{"__metadata__":{"format":"pt"}}'
"$LUTGEN" info bad.safetensors
