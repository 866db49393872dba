"""What a recording holds: where things lie in it, and how values, parameters, instruments and results are kept."""
