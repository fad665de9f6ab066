"""Step 4: the loop, the weighting of losses, metrics and probes."""
