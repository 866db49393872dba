"""The switching probability over pulse amplitude and width, from few shots."""
