make_safetensors bad.safetensors '{"t":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}' 'abc'
"$LUTGEN" info bad.safetensors
