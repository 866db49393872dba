"""A page printed to PDF by a program that is there, and by none."""

import os
import stat
import sys
from pathlib import Path

import pytest

from mtjlab.cli import printed_page
from mtjlab.cli.printed_page import print_page, refuse_without_printer
from mtjlab.core import FileError, InputError

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a program is a script with a first line that names Python")


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Put a browser on the path that does what its code says; `output` is the PDF it is asked for, `page` the page."""

    def install(code, name="chromium"):
        program = tmp_path / "programs" / name
        program.parent.mkdir(exist_ok=True)
        head = "output = next(w for w in sys.argv if w.startswith('--print-to-pdf=')).partition('=')[2]"
        program.write_text(f"#!{sys.executable}\nimport sys\n{head}\npage = sys.argv[-1]\n{code}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", str(program.parent))
        return program

    return install


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "a page.html"
    path.write_text("<p>")
    return path


@pytest.mark.parametrize("name", printed_page.BROWSERS)
def test_a_browser_of_any_of_its_names_is_found(installed, name):
    program = installed("", name)
    assert printed_page.browser() == str(program)


def test_the_browser_gets_the_page_and_no_header_of_its_own(installed, page, tmp_path):
    installed("open(output, 'w').write('%PDF ' + ' '.join(sys.argv))")
    print_page(page, tmp_path / "out.pdf")
    said = (tmp_path / "out.pdf").read_text()
    assert said.startswith("%PDF")
    assert page.as_uri() in said  # with its blank escaped
    assert "--headless" in said
    assert "--no-pdf-header-footer" in said
    assert ("--no-sandbox" in said) == (os.geteuid() == 0)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("sys.exit('no display')", "no display"),
        ("sys.exit(3)", "exit code 3"),
        ("open(output, 'w').write('half'); sys.exit('crashed')", "crashed"),
        ("pass", "exit code 0"),
    ],
)
def test_a_browser_that_fails_leaves_nothing(installed, page, tmp_path, code, said):
    installed(code)
    with pytest.raises(InputError, match=said):
        print_page(page, tmp_path / "out.pdf")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a page.html", "programs"]


def test_an_earlier_pdf_stays_where_printing_fails(installed, page, tmp_path):
    (tmp_path / "out.pdf").write_text("earlier")
    installed("sys.exit(1)")
    with pytest.raises(InputError):
        print_page(page, tmp_path / "out.pdf", overwrite=True)
    assert (tmp_path / "out.pdf").read_text() == "earlier"


def test_another_pdf_is_replaced_only_where_that_is_asked_for(installed, page, tmp_path):
    (tmp_path / "out.pdf").write_text("my paper")
    installed("open(output, 'w').write('%PDF')")
    with pytest.raises(FileError, match="exists already"):
        print_page(page, tmp_path / "out.pdf")
    assert (tmp_path / "out.pdf").read_text() == "my paper"
    print_page(page, tmp_path / "out.pdf", overwrite=True)
    assert (tmp_path / "out.pdf").read_text() == "%PDF"


def test_a_folder_that_is_not_there_is_refused_before_printing(installed, page, tmp_path):
    installed("open(page.removeprefix('file://') + '.printed', 'w')")
    with pytest.raises(FileError, match="folder that does not exist"):
        print_page(page, tmp_path / "none" / "out.pdf")
    assert not list(tmp_path.glob("*.printed"))


def test_without_a_browser_weasyprint_prints(page, tmp_path, monkeypatch):
    written = []

    class Html:
        def __init__(self, filename):
            written.append(filename)

        def write_pdf(self, target):
            Path(target).write_bytes(b"%PDF")

    monkeypatch.setattr(printed_page, "browser", lambda: None)
    monkeypatch.setattr(printed_page, "find_spec", lambda name: name == "weasyprint")
    monkeypatch.setattr(printed_page, "import_module", lambda name: type(name, (), {"HTML": Html}))
    print_page(page, tmp_path / "out.pdf")
    assert written == [str(page)]
    assert (tmp_path / "out.pdf").read_bytes() == b"%PDF"


def test_where_nothing_prints_one_line_says_what_to_install(monkeypatch):
    monkeypatch.setattr(printed_page, "browser", lambda: None)
    monkeypatch.setattr(printed_page, "find_spec", lambda name: None)
    with pytest.raises(InputError, match="apt-get install chromium, or pip install weasyprint"):
        refuse_without_printer()
