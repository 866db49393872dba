"""The bar with spin-orbit torque: its magnetisation in field, current and heat, and the voltages that it gives."""
