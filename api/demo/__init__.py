"""`quang demo`: the stack on the simulated district, its faults and its proof."""
