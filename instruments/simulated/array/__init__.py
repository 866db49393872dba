"""An array of junctions: a memory whose cells are pulsed many at a time."""
