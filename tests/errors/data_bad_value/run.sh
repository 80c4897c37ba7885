make_model small.safetensors
printf '\x93NUMPY\x01\0\x3a\0%-57s\n\0\0\0\0\0\0\xc0\x7f' "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2)}" >x.npy
"$LUTGEN" eval small.safetensors --data x.npy --label x.npy
