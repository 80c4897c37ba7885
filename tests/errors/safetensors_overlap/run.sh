make_safetensors bad.safetensors '{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},
"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}' 'abc'
"$LUTGEN" info bad.safetensors
