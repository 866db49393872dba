"""The `mtjlab` command, thin."""
