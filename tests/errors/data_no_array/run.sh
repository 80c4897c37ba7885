make_model small.safetensors
# An archive without members: its end alone.
{ printf 'PK\x05\x06'; head -c 18 /dev/zero; } >x.npz
"$LUTGEN" eval small.safetensors --data x.npz
