"""What a recording is written with, so that a kill costs nothing that was committed."""
