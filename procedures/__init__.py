"""What is done with the bench: PyMeasure procedures and the headless runner."""
