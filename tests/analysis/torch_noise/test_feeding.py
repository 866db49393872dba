"""Torch whose normals are a source's: every function that draws them, their count, and what is left to torch."""

from __future__ import annotations

import math
import threading

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs torch: pip install '.[train]'")

from mtjlab.analysis.noise import INVERSE_CDF16, BitNoise, NotEnoughBits, PseudoRandomNoise  # noqa: E402
from mtjlab.analysis.torch_noise.feeding import feeding_torch  # noqa: E402
from mtjlab.core import Bits, InputError  # noqa: E402

NORMALS = torch.from_numpy(PseudoRandomNoise(1).normal((1000,)))
SEEDED = torch.Generator().manual_seed(3)
LIKE = torch.empty(3, 2).T  # its rows do not follow each other in memory
OUT = torch.empty(0, dtype=torch.float64)

DRAWS = {
    "randn": (lambda: torch.randn(2, 3), NORMALS[:6].reshape(2, 3)),
    "a generator is not asked": (lambda: torch.randn(2, 3, generator=SEEDED), NORMALS[:6].reshape(2, 3)),
    "out": (lambda: torch.randn(4, out=OUT), NORMALS[:4].double()),
    "float16": (lambda: torch.randn(4, dtype=torch.float16), NORMALS[:4].half()),
    "bfloat16": (lambda: torch.randn(4, dtype=torch.bfloat16), NORMALS[:4].bfloat16()),
    "float64": (lambda: torch.randn(4, dtype=torch.float64), NORMALS[:4].double()),
    "nothing": (lambda: torch.randn(0, 3), torch.empty(0, 3)),
    "one": (lambda: torch.randn(()), NORMALS[0]),
    "needs a gradient": (lambda: torch.randn(4, requires_grad=True).detach(), NORMALS[:4]),
    "randn_like": (lambda: torch.randn_like(LIKE), NORMALS[:6].reshape(2, 3)),
    "randn_like, another type": (
        lambda: torch.randn_like(LIKE, dtype=torch.float64),
        NORMALS[:6].reshape(2, 3).double(),
    ),
    "normal of numbers": (lambda: torch.normal(1.0, 2.0, (4,)), NORMALS[:4] * 2 + 1),
    "normal of means": (lambda: torch.normal(torch.arange(4.0)), NORMALS[:4] + torch.arange(4)),
    "normal of deviations": (lambda: torch.normal(1.0, torch.arange(4.0)), NORMALS[:4] * torch.arange(4) + 1),
    "normal of both": (
        lambda: torch.normal(torch.arange(2.0)[:, None], torch.arange(3.0)),
        NORMALS[:6].reshape(2, 3) * torch.arange(3) + torch.arange(2)[:, None],
    ),
    "normal_": (lambda: torch.empty(4).normal_(1.0, 2.0), NORMALS[:4] * 2 + 1),
    "normal_ where rows do not follow": (lambda: torch.empty(3, 2).T.normal_(), NORMALS[:6].reshape(2, 3)),
    "a layer's start": (lambda: torch.nn.init.normal_(torch.empty(4), std=0.5), NORMALS[:4] * 0.5),
    "an embedding": (lambda: torch.nn.Embedding(2, 3).weight.detach(), NORMALS[:6].reshape(2, 3)),
    "a distribution": (lambda: torch.distributions.Normal(1.0, 2.0).sample((4,)), NORMALS[:4] * 2 + 1),
    "a distribution's rsample": (lambda: torch.distributions.Normal(torch.zeros(4), 2.0).rsample(), NORMALS[:4] * 2),
}


@pytest.mark.parametrize("name", DRAWS)
def test_every_function_gives_the_normals_of_the_source(name):
    draw, expected = DRAWS[name]
    with feeding_torch(PseudoRandomNoise(1)) as fed:
        drawn = draw()
    assert drawn.dtype == expected.dtype
    assert drawn.shape == expected.shape
    torch.testing.assert_close(drawn, expected)
    assert fed.normals == expected.numel()
    assert not fed.left_to_torch


def test_the_layout_in_memory_is_kept_as_torch_keeps_it():
    with feeding_torch(PseudoRandomNoise(1)):
        fed = torch.randn_like(LIKE)
    assert fed.stride() == torch.randn_like(LIKE).stride() == LIKE.stride()


def test_a_complex_normal_is_two_of_half_the_variance():
    with feeding_torch(PseudoRandomNoise(1)) as fed:
        drawn = torch.randn(3, dtype=torch.complex64)
    torch.testing.assert_close(torch.view_as_real(drawn).ravel() * math.sqrt(2), NORMALS[:6])
    assert fed.normals == 6


def test_outside_and_in_other_threads_torch_draws_itself():
    drawn = []
    source = PseudoRandomNoise(1)
    with feeding_torch(source) as fed:
        thread = threading.Thread(target=lambda: drawn.append(torch.randn(4)))
        thread.start()
        thread.join()
    drawn.append(torch.randn(4))
    assert fed.normals == 0
    assert all((each != NORMALS[:4]).all() for each in drawn)


def test_what_is_not_normal_is_torchs_own_and_counted():
    torch.manual_seed(5)
    expected = (torch.rand(3), torch.randint(9, (3,)), torch.nn.functional.dropout(torch.ones(3)))
    torch.manual_seed(5)
    with feeding_torch(PseudoRandomNoise(1)) as fed:
        drawn = (torch.rand(3), torch.randint(9, (3,)), torch.nn.functional.dropout(torch.ones(3)))
    assert all(torch.equal(one, other) for one, other in zip(drawn, expected, strict=True))
    assert fed.left_to_torch == {"rand": 1, "randint": 1, "bernoulli_": 1}
    assert fed.normals == 0


def test_attention_draws_for_its_dropout_alone():
    queries = torch.ones(1, 2, 4)
    with feeding_torch(PseudoRandomNoise(1)) as fed:
        torch.nn.functional.scaled_dot_product_attention(queries, queries, queries)
        assert not fed.left_to_torch
        torch.nn.functional.scaled_dot_product_attention(queries, queries, queries, dropout_p=0.5)
    assert fed.left_to_torch.total() == 1


def test_the_end_of_the_bits_ends_the_operation():
    bits = Bits(np.random.default_rng(1).integers(0, 2, 16 * 10))
    with feeding_torch(BitNoise(bits, INVERSE_CDF16)) as fed:
        torch.randn(7)
        with pytest.raises(NotEnoughBits, match="needs 64 more bits and 48 of 160 are left"):
            torch.randn(4)
        assert torch.randn(3).shape == (3,)
    assert (fed.normals, fed.source.bits_used) == (10, 160)


def test_a_deviation_below_zero_and_integers_are_refused():
    with feeding_torch(PseudoRandomNoise(1)):
        with pytest.raises(InputError, match="std = -1"):
            torch.normal(torch.zeros(2), -torch.ones(2))
        with pytest.raises(InputError, match="int32"):
            torch.randn(2, dtype=torch.int32)


def test_a_shape_alone_takes_no_normals():
    with feeding_torch(PseudoRandomNoise(1)) as fed:
        assert torch.randn(3, device="meta").shape == (3,)
    assert fed.normals == 0


def test_gradients_pass_through_noise_as_ever():
    weight = torch.tensor(3.0, requires_grad=True)
    with feeding_torch(PseudoRandomNoise(1)):
        (weight * torch.randn(4)).sum().backward()
    assert weight.grad == pytest.approx(float(NORMALS[:4].sum()))


def test_a_training_loop_takes_the_normals_of_its_noise():
    # Denoising by a linear layer: the best weight for unit data and unit noise is one half.
    source = BitNoise(Bits(np.random.default_rng(2).integers(0, 2, 3_300_000)), INVERSE_CDF16)
    data = torch.from_numpy(PseudoRandomNoise(4).normal((1000, 1)))
    with feeding_torch(source) as fed:
        layer = torch.nn.Linear(1, 1)
        torch.nn.init.normal_(layer.weight)
        optimiser = torch.optim.SGD(layer.parameters(), lr=0.1)
        for _ in range(200):
            noisy = data + torch.randn_like(data)
            optimiser.zero_grad()
            torch.nn.functional.mse_loss(layer(noisy), data).backward()
            optimiser.step()
    assert fed.normals == 1 + 200 * 1000
    assert source.bits_used == 16 * fed.normals
    assert layer.weight.item() == pytest.approx(0.5, abs=0.05)
