/^building the simulator /d
