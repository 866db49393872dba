"""How a junction is read: the levels of its states and how long a reading lasts."""
