"""What a meter sees and what stress does: noise, telegraph noise, heat, wear, drift."""
