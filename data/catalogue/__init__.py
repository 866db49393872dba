"""Folders of recordings: which there are, what is known of each at a glance, their tags and notes."""
