"""The Run room: a procedure's form, sweeps, presets, what a run would take."""
