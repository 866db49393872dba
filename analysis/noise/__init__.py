"""Normal noise from bits."""
