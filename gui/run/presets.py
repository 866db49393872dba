"""Presets: parameters under a name, each a plan file of one procedure in a folder of the user's."""

import re
from pathlib import Path

from mtjlab.core import InputError, config_folder, new_file

__all__ = ["Presets"]

_NAME = re.compile(r"[\w(][\w ().,+=-]{0,79}")


class Presets:
    """The presets of one user.

    Parameters
    ----------
    folder
        Where they lie; by default ``presets`` in the user's configuration folder.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or config_folder() / "presets"

    def names(self, procedure: str) -> list[str]:
        """Name the presets of a procedure.

        Parameters
        ----------
        procedure
            Its name, or ``FILE.py:Class``.
        """
        return sorted(path.stem for path in self._beside(procedure).glob("*.toml"))

    def path(self, procedure: str, name: str) -> Path:
        """Give the file of a preset.

        Parameters
        ----------
        procedure
            Name of its procedure.
        name
            Its name.

        Raises
        ------
        InputError
            If a file cannot have the name.
        """
        if not _NAME.fullmatch(name.strip()):
            raise InputError(f"{name!r:.40} is no name of a preset: give letters, digits, spaces and ( ) . , + = - _")
        return self._beside(procedure) / f"{name.strip()}.toml"

    def save(self, procedure: str, name: str, text: str) -> Path:
        """Keep a plan under a name, in the place of one that has it.

        Parameters
        ----------
        procedure
            Name of its procedure.
        name
            Its name.
        text
            The plan.

        Raises
        ------
        InputError
            If a file cannot have the name, or the folder cannot be written.
        """
        path = self.path(procedure, name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with new_file(path, overwrite=True) as temporary:
                temporary.write_text(text, encoding="utf-8")
        except OSError as error:
            raise InputError(
                f"{path} cannot be written ({error.strerror or error}): make its folder writable"
            ) from error
        return path

    def delete(self, procedure: str, name: str) -> None:
        """Remove a preset; that there is none is no error.

        Parameters
        ----------
        procedure
            Name of its procedure.
        name
            Its name.
        """
        self.path(procedure, name).unlink(missing_ok=True)

    def _beside(self, procedure: str) -> Path:
        return self._folder / re.sub(r"[^\w-]", "_", procedure.rpartition(":")[2])
