"""A junction that is pulsed, read and left alone, in three fidelities."""
