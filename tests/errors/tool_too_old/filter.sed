# The machine may have any of the other tools.
/^yosys/,/hint/!d
