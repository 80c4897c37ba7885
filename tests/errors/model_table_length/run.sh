tensors='"t":{"dtype":"U8","shape":[2,1],"data_offsets":[0,2]},
"b":{"dtype":"U8","shape":[2,2],"data_offsets":[2,6]},
"i":{"dtype":"I32","shape":[2,2],"data_offsets":[6,22]}'
data='\x03\x04\x06\0\x08\0\0\0\0\0\x01\0\0\0\x01\0\0\0\0\0\0\0'
make_model bad.safetensors
"$LUTGEN" info bad.safetensors
