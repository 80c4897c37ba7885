mkdir build
: >build/log.txt
"$LUTGEN" program build --board icebreaker
