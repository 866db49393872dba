"""Images as numpy keeps them."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["write_images"]


def write_images(path: Path, images: "NDArray[np.uint8]") -> None:
    """Write ``images`` (uint8, N x 28 x 28) to an npz file, whole or not at all."""
    import numpy as np

    partial = path.with_suffix(".partial.npz")
    np.savez_compressed(partial, images=images)
    partial.replace(path)
