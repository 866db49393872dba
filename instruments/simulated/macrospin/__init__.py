"""The free layer as one magnetisation that is followed step by step."""
