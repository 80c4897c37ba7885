PATH=/nowhere LUTGEN_TOOLCHAIN=$PWD/none "$LUTGEN" doctor --family gatemate
