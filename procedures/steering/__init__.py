"""Holding P(switch) at one half while bits are taken: what is moved, how P follows it, and what that leaks."""
