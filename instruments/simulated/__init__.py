"""The same table made of software: the device, SCPI instruments on loopback, and their wiring."""
