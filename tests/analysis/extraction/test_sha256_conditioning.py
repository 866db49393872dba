"""SHA-256 conditioning: 90B's output entropy in exact arithmetic, and the hashes."""

import hashlib
from decimal import Decimal, localcontext

import numpy as np
import pytest

from mtjlab.analysis.extraction.sha256_conditioning import Sha256Conditioning, output_entropy


def in_exact_arithmetic(n_in: int, h_in: float, n_out: int, narrowest: int) -> float:
    """SP 800-90B, 3.1.5.1.2, step by step with 300 digits."""
    with localcontext() as context:
        context.prec = 300
        two, n = Decimal(2), min(n_out, narrowest)
        high = two ** -Decimal(h_in)
        low = (1 - high) / (two**n_in - 1)
        psi = two ** (n_in - n) * low + high
        u = two ** (n_in - n) + (2 * n * two ** (n_in - n) * two.ln()).sqrt()
        return float(-max(psi, u * low).ln() / two.ln())


def test_three_known_values() -> None:
    assert output_entropy(256, 256.0) == pytest.approx(251.689765, abs=5e-7)
    assert output_entropy(320, 256.0) == pytest.approx(255.0, abs=5e-7)
    assert 256 - output_entropy(320, 320.0) == pytest.approx(6.3e-9, abs=5e-11)


@pytest.mark.parametrize(
    ("n_in", "h_in"), [(1, 1.0), (8, 4.0), (100, 99.9), (256, 1e-3), (320, 288.0), (512, 300.5), (4000, 3.5)]
)
@pytest.mark.parametrize("widths", [(256, 256), (64, 256), (256, 128)])
def test_it_is_the_formula_of_the_standard(n_in: int, h_in: float, widths: tuple[int, int]) -> None:
    expected = in_exact_arithmetic(n_in, h_in, *widths)
    assert output_entropy(n_in, h_in, n_out=widths[0], narrowest=widths[1]) == pytest.approx(expected, abs=1e-12)
    assert output_entropy(n_in, 0.0) == 0.0


def test_blocks_are_hashed_and_the_rest_is_left_out() -> None:
    raw = np.random.default_rng(1).bytes(100)
    conditioning = Sha256Conditioning(0.9)
    assert conditioning.block == 360  # 320 / 0.9 is 355.6
    given = conditioning(np.unpackbits(np.frombuffer(raw, np.uint8)))
    assert given.packed_bytes.tobytes() == b"".join(hashlib.sha256(raw[i : i + 45]).digest() for i in (0, 45))
    assert "an estimate is not a proven bound" in conditioning.extractor().claim
    assert Sha256Conditioning(0.5, 256).entropy == pytest.approx(128.0, abs=1e-9)


@pytest.mark.parametrize("words", [(0.0,), (1.1,), (0.9, 100), (0.9, 0)])
def test_what_is_out_of_range_is_said(words: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="expected"):
        Sha256Conditioning(*words)
    with pytest.raises(ValueError, match="expected 0 to 256"):
        output_entropy(256, 257.0)
