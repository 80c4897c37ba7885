PRJXRAY_DB_DIR=$PWD/none LUTGEN_TOOLCHAIN=$PWD/none PATH=/nowhere "$LUTGEN" doctor --family xc7
