"""A page printed to PDF by a browser, or by weasyprint, whichever is there."""

import os
import shutil
import subprocess
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mtjlab.core import InputError, new_file

__all__ = ["BROWSERS", "browser", "print_page", "refuse_without_printer"]

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
"""Names of programs that print a page."""

LONGEST = 120
"""Time that a browser gets [s]."""


def browser() -> str | None:
    """Return the path of a browser that prints, or None."""
    return next((path for name in BROWSERS if (path := shutil.which(name)) is not None), None)


def refuse_without_printer() -> None:
    """Refuse before the work is done where nothing can print.

    Raises
    ------
    InputError
        If there is neither a browser nor weasyprint.
    """
    if browser() is None and find_spec("weasyprint") is None:
        raise InputError("PDF needs a browser or weasyprint: apt-get install chromium, or pip install weasyprint")


def print_page(page: Path, output: Path, *, overwrite: bool = False) -> None:
    """Print a page to PDF, whole or not at all.

    Parameters
    ----------
    page
        The HTML file.
    output
        The PDF.
    overwrite
        Whether it may replace a file of that name.

    Raises
    ------
    InputError
        If nothing can print, or printing fails.
    FileError
        If the PDF cannot be written.
    """
    refuse_without_printer()
    with new_file(output, overwrite=overwrite) as partial:
        program = browser()
        if program is None:
            weasyprint: Any = import_module("weasyprint")  # no dependency, and without types
            weasyprint.HTML(filename=str(page)).write_pdf(str(partial))
            return
        with TemporaryDirectory(prefix="mtjlab-") as profile:
            _print_by(program, page, partial, Path(profile))


def _print_by(program: str, page: Path, output: Path, profile: Path) -> None:
    words = [program, "--headless", "--disable-gpu", "--no-pdf-header-footer", f"--user-data-dir={profile}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        words.append("--no-sandbox")  # Chromium refuses to run as root with it
    words += [f"--print-to-pdf={output.resolve()}", page.resolve().as_uri()]
    try:
        done = subprocess.run(words, capture_output=True, timeout=LONGEST, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise InputError(f"{program} did not print {page}: {error}; write HTML, and print that") from None
    if done.returncode or not output.is_file():
        said = done.stderr.decode(errors="replace").strip().splitlines()
        why = said[-1] if said else f"exit code {done.returncode}"
        raise InputError(f"{program} did not print {page} ({why}); write HTML instead")
