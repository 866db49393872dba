"""The Live room: what a run makes, drawn while it comes."""
