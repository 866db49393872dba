"""The classes that a user wants images of: ``--class NAME|NUMBER``, several with commas."""

from typing import TYPE_CHECKING

from mtjlab.core import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["class_labels"]


def class_labels(
    words: str | None, classes: tuple[str, ...], count: int, guidance: float = 1.0
) -> "NDArray[np.int64] | None":
    """Give each image its class: the first image the first of the list, and so on in turns.

    Parameters
    ----------
    words
        Names or numbers, with commas between; "any" leaves the class to the denoiser. None is every class.
    classes
        Names of the denoiser's classes, in the order of their numbers.
    count
        Number of images.
    guidance
        Weight of the class.

    Returns
    -------
    NDArray
        Class number of each image, shape (count,); ``len(classes)`` is any. None where there are no classes and none
        is asked for.

    Raises
    ------
    InputError
        If the denoiser knows no classes, or none of that name or number, or `guidance` is to weigh a class where there
        are none.

    Examples
    --------
    >>> class_labels("bag,0", ("Coat", "Bag"), 5)
    array([1, 0, 1, 0, 1])
    """
    import numpy as np

    if words is None and not classes and guidance != 1.0:
        raise InputError(f"--guidance {guidance:g} weighs a class, and this denoiser knows none: leave --guidance out")
    if words is None:
        return np.arange(count) % len(classes) if classes else None
    if not classes:
        raise InputError(f"--class {words}: this denoiser knows no classes; leave --class out, or give --model another")
    return np.resize(np.array([_number(word.strip(), classes) for word in words.split(",")], dtype=np.int64), count)


def _number(word: str, classes: tuple[str, ...]) -> int:
    names = [name.lower() for name in classes]
    if word.lower() == "any" and "any" not in names:
        return len(classes)
    if word.lower() in names:
        return names.index(word.lower())
    if word.isdecimal() and int(word) < len(classes):
        return int(word)
    there_are = ", ".join(f"{number} {name}" for number, name in enumerate(classes))
    raise InputError(f"--class: {word!r} is no class of this denoiser; there are {there_are}, and any")
