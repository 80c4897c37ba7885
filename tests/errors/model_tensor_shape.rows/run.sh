tensors=${tensors/'"dtype":"I32","shape":[2,2]'/'"dtype":"I32","shape":[1,4]'}
make_model bad.safetensors
"$LUTGEN" info bad.safetensors
