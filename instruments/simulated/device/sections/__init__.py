"""The sections of a device file, one each."""
