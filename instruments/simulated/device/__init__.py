"""What a junction is: its parameters, energies and resistance, and the pulse that reaches it."""
