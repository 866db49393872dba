"""Conditioned bits from raw bits."""
