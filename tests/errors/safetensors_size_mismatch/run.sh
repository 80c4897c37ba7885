make_safetensors bad.safetensors '{"t":{"dtype":"I32","shape":[2,3],"data_offsets":[0,4]}}' 'abcd'
"$LUTGEN" info bad.safetensors
