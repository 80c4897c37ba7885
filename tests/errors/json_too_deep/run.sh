make_safetensors bad.safetensors "{\"a\":$(printf '[%.0s' {1..64})"
"$LUTGEN" info bad.safetensors
