"""Normal numbers for the generator's jitter."""

from __future__ import annotations

from numba import uint64

from mtjlab.instruments.simulated.kernels.random_words import next_word

__all__ = ["fill_normals"]


def fill_normals(words, out, count):  # type: ignore[no-untyped-def]
    """Make two normals of each word: words (count,), out (2, count)."""
    # Twelve 16-bit uniforms have variance one (to 2e-10) and reach six standard deviations; sums are exact.
    for i in range(count):
        state = uint64(words[i])
        for row in range(2):
            total = 0
            for _ in range(3):
                state, word = next_word(state)
                for shift in (0, 16, 32, 48):
                    total += int((word >> uint64(shift)) & uint64(0xFFFF))
            out[row * count + i] = (total - 6 * 65535) / 65536.0
