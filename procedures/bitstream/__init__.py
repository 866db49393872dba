"""What a random bitstream is made of: junctions and their turns, the block loop, its target, what a resume repeats."""
