"""What keeps the device whole: limits, interlock, guards, the count of pulses, and outputs off at the end."""
