"""The panel of the bench and of the queue, and the stop that is always there."""
