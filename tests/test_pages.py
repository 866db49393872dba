"""The Python code printed in the documentation runs, block after block."""

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
PAGES = ("how-to/add-a-simulated-instrument.md", "reference/simulated-instruments.md")


@pytest.mark.parametrize("page", PAGES)
def test_the_code_of_a_page_runs(page):
    text = (DOCS / page).read_text(encoding="utf-8")
    blocks = [
        (match.start(1), match[1]) for match in re.finditer(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    ]
    assert blocks
    names: dict[str, object] = {}
    for start, code in blocks:
        # Empty lines before it, so that an error names the line of the page.
        exec(compile("\n" * text.count("\n", 0, start) + code, str(DOCS / page), "exec"), names)
