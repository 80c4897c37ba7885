tensors=${tensors/'"dtype":"I32","shape":[2,2]'/'"dtype":"I64","shape":[2,1]'}
make_model bad.safetensors
"$LUTGEN" info bad.safetensors
