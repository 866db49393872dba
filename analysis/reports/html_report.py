"""An HTML report in one file: words, tables and pictures, nothing from the network."""

import base64
import dataclasses
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path

from mtjlab.core import new_file

__all__ = ["HtmlReport", "Picture", "Table"]


@dataclasses.dataclass(frozen=True)
class Picture:
    """A PNG with its caption."""

    png: bytes
    caption: str

    @property
    def source(self) -> str:
        """The picture as a data URL."""
        return f"data:image/png;base64,{base64.b64encode(self.png).decode()}"


@dataclasses.dataclass(frozen=True)
class Table:
    """A table with its caption."""

    caption: str
    rows: Sequence[Sequence[str]]
    heads: Sequence[str] = ()


@dataclasses.dataclass(frozen=True)
class Section:
    """A heading with what stands under it."""

    title: str
    text: str
    parts: Sequence[Picture | Table]


class HtmlReport:
    """A report that grows section by section.

    Parameters
    ----------
    title
        Title of the page.
    facts
        What stands at its head, name by name.
    """

    def __init__(self, title: str, facts: Mapping[str, str]) -> None:
        self._title = title
        self._facts = facts
        self._sections: list[Section] = []

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
        self._sections.append(Section(title, text, parts))

    def write(self, path: Path) -> None:
        """Write the page, whole or not at all.

        Parameters
        ----------
        path
            The file; one of that name is replaced.

        Raises
        ------
        FileError
            If it cannot be written.
        """
        import jinja2

        source = (resources.files("mtjlab.analysis.reports") / "report.html").read_text(encoding="utf-8")
        template = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(source)
        page = template.render(title=self._title, facts=self._facts, sections=self._sections)
        with new_file(path, overwrite=True) as partial:
            partial.write_text(page, encoding="utf-8")
