"""Where a pulse switches the junction half of the time: finding the point, and staying there."""
