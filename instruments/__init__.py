"""What is on the table: roles, drivers, the bench and its interlock."""

from mtjlab.instruments.opening import open_bench, serve_bench

__all__ = ["open_bench", "serve_bench"]
