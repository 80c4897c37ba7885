tensors='"t":{"dtype":"U8","shape":[2,1],"data_offsets":[0,2]},
"b":{"dtype":"U8","shape":[1,1],"data_offsets":[2,3]},
"i":{"dtype":"I32","shape":[1,17],"data_offsets":[3,71]}'
data=$(printf '\\0%.0s' {1..71})
make_model bad.safetensors
"$LUTGEN" info bad.safetensors
