"""What a bench file says, section by section, and nothing of what is made of it."""
