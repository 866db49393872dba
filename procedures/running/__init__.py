"""The headless runner: one run, plans of many, and the queue that they wait in."""
