"""What a recording is read with, also while it is written."""
