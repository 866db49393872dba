"""What every measurement is made of: parameters and columns, rows and blocks, events, fit and resumption."""
