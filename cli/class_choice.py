"""The classes that a user wants images of: ``--class NAME|NUMBER``, several with commas."""

from typing import TYPE_CHECKING

from mtjlab.core import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["class_labels"]


def class_labels(words: str, classes: tuple[str, ...], count: int) -> "NDArray[np.int64]":
    """Give each image its class: the first image the first of the list, and so on in turns.

    Parameters
    ----------
    words
        Names or numbers, with commas between.
    classes
        Names of the denoiser's classes, in the order of their numbers.
    count
        Number of images.

    Returns
    -------
    NDArray
        Class number of each image, shape (count,).

    Raises
    ------
    InputError
        If the denoiser knows no classes, or none of that name or number.

    Examples
    --------
    >>> class_labels("bag,0", ("Coat", "Bag"), 5)
    array([1, 0, 1, 0, 1])
    """
    import numpy as np

    if not classes:
        raise InputError(f"--class {words}: this denoiser knows no classes; leave --class out, or give --model another")
    return np.resize(np.array([_number(word.strip(), classes) for word in words.split(",")], dtype=np.int64), count)


def _number(word: str, classes: tuple[str, ...]) -> int:
    names = [name.lower() for name in classes]
    if word.lower() in names:
        return names.index(word.lower())
    if word.isdecimal() and int(word) < len(classes):
        return int(word)
    there_are = ", ".join(f"{number} {name}" for number, name in enumerate(classes))
    raise InputError(f"--class: {word!r} is no class of this denoiser; there are {there_are}")
