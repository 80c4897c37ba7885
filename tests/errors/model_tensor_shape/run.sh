tensors=${tensors/'"dtype":"I32","shape":[2,2]'/'"dtype":"I32","shape":[4]'}
make_model bad.safetensors
"$LUTGEN" info bad.safetensors
