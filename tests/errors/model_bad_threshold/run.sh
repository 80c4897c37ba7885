tensors='"t":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}'
data='\0\0\0\0\0\0\xc0\x7f' # 0, not a number
make_model bad.safetensors "$encoder"
"$LUTGEN" info bad.safetensors
