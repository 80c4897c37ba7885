input='{"shape":[28,0],"type":"u8"}' make_model bad.safetensors
"$LUTGEN" info bad.safetensors
