input='{"shape":[99999999999],"type":"u8"}' make_model bad.safetensors
"$LUTGEN" info bad.safetensors
