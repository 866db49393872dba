"""An HTML report in one file: words, tables and pictures, nothing from the network, no script."""

from collections.abc import Mapping
from dataclasses import replace
from importlib import resources
from pathlib import Path

from mtjlab.analysis.reports.report_parts import Picture, Section, Table
from mtjlab.analysis.reports.shown_text import shown
from mtjlab.core import FileError, new_file

__all__ = ["HtmlReport"]

GENERATOR = b'<meta name="generator" content="mtjlab'
"""By this a page is known to be a report, which a newer one may replace."""

_HEAD = 1000
"""Bytes at the head of a page that hold it."""


class HtmlReport:
    """A report that grows section by section.

    Parameters
    ----------
    title
        Title of the page.
    facts
        What stands at its head, name by name.
    lead
        Sentences under the title.
    """

    def __init__(self, title: str, facts: Mapping[str, str], lead: str = "") -> None:
        self._title = title
        self._facts = facts
        self._lead = lead
        self._level = 2
        self._sections: list[Section] = []

    def chapter(self, title: str, text: str = "") -> None:
        """Begin a chapter: the sections that follow stand under it.

        Parameters
        ----------
        title
            Heading of the chapter.
        text
            Text under it.
        """
        self._sections.append(Section(title, text))
        self._level = 3

    def add(self, title: str, text: str, *parts: Picture | Table) -> None:
        """Add a section.

        Parameters
        ----------
        title
            Heading of the section.
        text
            Text under it.
        *parts
            Pictures and tables that follow, in this order.
        """
        self.add_section(Section(title, text, parts))

    def add_section(self, section: Section) -> None:
        """Add a section that is made already.

        Parameters
        ----------
        section
            The section; its level follows from the chapter.
        """
        self._sections.append(replace(section, level=self._level))

    def html(self) -> str:
        """Return the page."""
        import jinja2

        source = (resources.files("mtjlab.analysis.reports") / "report.html").read_text(encoding="utf-8")
        environment = jinja2.Environment(
            autoescape=True, undefined=jinja2.StrictUndefined, finalize=shown, trim_blocks=True, lstrip_blocks=True
        )
        return environment.from_string(source).render(
            title=self._title, facts=self._facts, lead=self._lead, sections=self._sections
        )

    def write(self, path: Path, *, overwrite: bool = True) -> None:
        """Write the page, whole or not at all.

        Parameters
        ----------
        path
            The file.
        overwrite
            Whether it replaces any file of that name; a report of mtjlab is replaced in any case.

        Raises
        ------
        FileError
            If it cannot be written, or there is another file of that name.
        """
        refuse_other_page(path, overwrite=overwrite)
        with new_file(path, overwrite=True) as partial:
            partial.write_text(self.html(), encoding="utf-8", errors="replace")


def refuse_other_page(path: Path, *, overwrite: bool = False) -> None:
    """Refuse a name that belongs to something else than an earlier report: better before the work than after it.

    Parameters
    ----------
    path
        The file that is to be written.
    overwrite
        Whether anything may be replaced.

    Raises
    ------
    FileError
        If there is such a file, or its folder is not there.
    """
    if path.is_dir():
        raise FileError(path, "is a folder", "name a file in it")
    if not path.absolute().parent.is_dir():
        raise FileError(path, "lies in a folder that does not exist", "make the folder or choose another")
    if overwrite or not path.is_file():
        return
    with path.open("rb") as file:
        if GENERATOR not in file.read(_HEAD):
            raise FileError(path, "exists already and is no report of mtjlab", "choose another name, or remove it")
