"""What is kept: recordings and files of bits."""
