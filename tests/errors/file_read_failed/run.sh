# Page 0 of a process is never mapped: the file opens, and its first byte cannot be read.
"$LUTGEN" info /proc/self/mem
