input='{"shape":[28,28],"type":"u8"}' make_model bad.safetensors
"$LUTGEN" info bad.safetensors
