"""The simulated instruments, one a driver."""
