"""The benchmark: this server beside others, on the same data and the same machine, in one run."""
