"""The Recordings room: the recordings of a folder, and what is in them."""
