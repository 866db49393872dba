"""The drivers that ship: each plays a role with a PyMeasure instrument."""
