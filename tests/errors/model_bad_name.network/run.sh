make_description bad.safetensors '{"format":1,"name":"../up","input":{"shape":[2],"type":"u8"},"layers":[]}'
"$LUTGEN" info bad.safetensors
