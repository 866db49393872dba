"""The experiment runner's window.  Qt is imported here only."""
