input='{"shape":[2],"type":"uint8"}' make_model bad.safetensors
"$LUTGEN" info bad.safetensors
