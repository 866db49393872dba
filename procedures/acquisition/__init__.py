"""How procedures drive a bench: trains of pulses and reads, states watched in fields, recovery after a fault."""
