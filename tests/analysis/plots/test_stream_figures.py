"""The plots of a stream show what was found, say whether a junction gives it, in light and dark."""

import io

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

from mtjlab.analysis.bitstream import StreamPhysics, stream_findings, stream_physics
from mtjlab.analysis.plots.figure import PictureFormat, picture_format
from mtjlab.analysis.plots.physics_figures import stream_figures, stream_pages, stream_pictures
from mtjlab.analysis.plots.stream_colours import DARK, LIGHT, StreamColours

NAMES = {
    "bias",
    "windows",
    "allan",
    "autocorrelation",
    "transitions",
    "runs",
    "entropy",
    "bytes",
    "spectrum",
    "correlations",
}


@pytest.fixture(scope="module")
def sticky() -> StreamPhysics:
    """No toggled junction, with a jump and a line."""
    rng = np.random.default_rng(51)
    bits = np.cumsum(rng.random(100_000) >= 0.53) % 2
    bits[60_000:] |= rng.random(40_000) < 0.1
    return stream_physics(bits, period=1e-4)


def luminance(colour: str) -> float:
    """Give the relative luminance of a colour, by WCAG 2."""
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_colours_stand_out_of_their_background(colours: StreamColours) -> None:
    def contrast(colour: str) -> float:
        low, high = sorted((luminance(colour), luminance(colours.background)))
        return (high + 0.05) / (low + 0.05)

    assert contrast(colours.text) > 7
    assert min(map(contrast, (colours.muted, colours.first, colours.second, colours.third))) > 3
    assert contrast(colours.grid) < 2  # lines of the grid stay behind


def test_every_question_has_a_figure_whose_title_is_its_answer(sticky: StreamPhysics) -> None:
    figures = stream_figures(sticky)
    said = stream_findings(sticky)
    assert set(figures) == set(said) == NAMES
    for name, figure in figures.items():
        title = " ".join(figure.texts[0].get_text().split())
        assert said[name].title.upper() in title
        assert said[name].says in title
        assert ("NOT what a toggled junction gives" in title) == (said[name].junction is False)
    assert said["transitions"].junction is False


def test_figures_draw_the_numbers_that_were_found(sticky: StreamPhysics) -> None:
    figures = stream_figures(sticky)
    (axes,) = figures["autocorrelation"].axes
    assert any(np.array_equal(line.get_ydata(), sticky.autocorrelation.coefficients) for line in axes.lines)  # type: ignore[union-attr]
    (axes,) = figures["allan"].axes
    assert any(np.array_equal(line.get_ydata(), sticky.allan.white) for line in axes.lines)  # type: ignore[union-attr]
    (axes, _) = figures["bytes"].axes
    assert np.array_equal(np.ravel(axes.images[0].get_array()), sticky.byte_counts.deviations)  # type: ignore[union-attr]
    (axes,) = figures["transitions"].axes
    words = " ".join(text.get_text() for text in axes.texts)
    assert f"{sticky.transitions.p_ud.value:.5f}" in words  # type: ignore[union-attr]
    (axes,) = figures["windows"].axes
    assert len(axes.patches) == 1  # the steps
    assert not figures["correlations"].axes  # nothing was measured beside the bits


def test_pictures_are_dark_where_dark_is_asked_for() -> None:
    physics = stream_physics(np.random.default_rng(52).integers(0, 2, 300))
    for colours, dark in ((LIGHT, False), (DARK, True)):
        picture = np.asarray(
            Image.open(io.BytesIO(stream_pictures(physics, names=["bias"], dark=dark)["bias"])).convert("RGB")
        )
        expected = np.round(255 * np.array(to_rgb(colours.background)))
        assert np.median(picture.reshape(-1, 3), axis=0) == pytest.approx(expected, abs=1)


def test_a_question_that_does_not_apply_has_a_figure_that_says_why() -> None:
    figures = stream_figures(stream_physics([0, 1, 1, 0]))
    assert set(figures) == NAMES
    assert "Not applicable" in figures["allan"].texts[0].get_text()
    assert not figures["allan"].axes


def test_pages_and_vector_pictures() -> None:
    physics = stream_physics([0, 1, 1, 0, 1, 0, 0])
    pages = stream_pages(physics, names=["allan", "entropy"])
    assert pages.startswith(b"%PDF")
    assert pages == stream_pages(physics, names=["entropy", "allan"])
    assert pages.count(b"/Type /Page ") == 2
    with picture_format(PictureFormat("svg")):
        (picture,) = stream_pictures(physics, names=["allan"]).values()
    assert b"<svg" in picture
