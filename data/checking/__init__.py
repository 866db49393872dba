"""Whether a recording is sound: its structure, what it says of itself, and its bits."""
