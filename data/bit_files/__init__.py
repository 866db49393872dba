"""Files of bits in the formats that labs exchange."""
