mkdir build
: >build/seed1.bin
: >build/seed2.bin
"$LUTGEN" program build --board icebreaker
