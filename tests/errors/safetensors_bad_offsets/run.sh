make_safetensors bad.safetensors '{"t":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}' 'abc'
"$LUTGEN" info bad.safetensors
