"""Write the pages of this folder from the stubs of the faces and the docstrings of what they name.

    python docs/reference/api/generate.py

Nothing is imported: sources are read, so that torch and Qt need not be installed. A test holds the pages against this.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parents[2]
SECTIONS = ("Parameters", "Returns", "Yields", "Raises", "Attributes", "Notes", "References", "Examples", "See Also")
WRITTEN = "<!-- Written by docs/reference/api/generate.py: do not edit. -->"


class Named(NamedTuple):
    """A name of a face and what defines it."""

    name: str
    file: Path
    node: ast.AST
    doc: str


def faces() -> dict[str, Path]:
    """Give the stub of each face by its dotted name: a room, a topic of analysis, the runner, the simulated bench."""
    found = {}
    for stub in sorted(ROOT.glob("*/**/__init__.pyi")):
        parts = stub.parent.relative_to(ROOT).parts
        rooms = len(parts) == 1 or parts[0] == "analysis" or parts[1] in ("simulated", "running")
        if parts[0] not in (".venv", "build") and rooms and len(parts) < 3:
            found["mtjlab." + ".".join(parts)] = stub
    return found


def names_of(face: str) -> list[Named]:
    """Give what a face names, in the order of the alphabet."""
    folder = faces()[face].parent
    names = []
    for node in ast.parse(faces()[face].read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom):
            base = folder / (node.module or "").replace(".", "/")
            names += [_defined(base, alias.asname or alias.name) for alias in node.names]
    return sorted(names, key=lambda each: each.name.lower())


def _defined(base: Path, name: str) -> Named:
    """Find the definition of a name: in a module, or where a package has it from."""
    file = next(f for f in (base.with_suffix(".py"), base / "__init__.pyi", base / "__init__.py") if f.is_file())
    body = ast.parse(file.read_text(encoding="utf-8")).body
    body = [inner for node in body for inner in (node.body if isinstance(node, ast.If) else [node])]
    for number, node in enumerate(body):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name == name:
            return Named(name, file, node, ast.get_docstring(node) or "")
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        if any(isinstance(each, ast.Name) and each.id == name for target in targets for each in ast.walk(target)):
            return Named(name, file, node, _text(body[number + 1]) if number + 1 < len(body) else "")
    for node in body:
        if isinstance(node, ast.ImportFrom) and any(alias.name == name for alias in node.names):
            module = (node.module or "").removeprefix("mtjlab.").replace(".", "/")
            return _defined((file.parent if node.level else ROOT) / module, name)
    raise LookupError(f"{file.relative_to(ROOT)} does not define {name}")


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return re.sub(r"\n\s+", "\n", node.value.value.strip())
    return ""


def public_members(node: ast.ClassDef) -> Iterator[ast.FunctionDef]:
    """Give the methods and properties of a class whose names are public."""
    for member in node.body:
        if (
            isinstance(member, ast.FunctionDef)
            and not member.name.startswith("_")
            and not any(ast.unparse(each).split(".")[-1] in ("setter", "overload") for each in member.decorator_list)
        ):
            yield member


def _signature(node: ast.FunctionDef, *, method: bool = False) -> str:
    arguments = ast.unparse(node.args)
    if method:
        arguments = re.sub(r"^(self|cls)(?:, |$)", "", arguments)
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return f"{node.name}({arguments}){returns}"


def _decorated(node: ast.FunctionDef, name: str) -> bool:
    return any(ast.unparse(each).split(".")[-1] == name for each in node.decorator_list)


def markdown(doc: str) -> str:
    """Make Markdown of a numpydoc docstring: sections in bold, entries as lists, examples as code."""
    out: list[str] = []
    parts = re.split(rf"(?m)^({'|'.join(SECTIONS)})\n-+\n", doc)
    out.append(parts[0].strip())
    for title, body in zip(parts[1::2], parts[2::2], strict=True):
        out.append(f"**{title}**")
        if title in ("Parameters", "Returns", "Yields", "Raises", "Attributes"):
            out.append("\n".join(_entries(body)))
        elif title == "Examples":
            out.append(f"```python\n{body.strip()}\n```")
        else:
            out.append(body.strip())
    return "\n\n".join(part for part in out if part)


def _entries(body: str) -> Iterator[str]:
    for entry in re.split(r"\n(?=\S)", body.strip("\n")):
        head, _, about = entry.partition("\n")
        yield f"- `{head.strip()}`: {' '.join(about.split())}" if about.strip() else f"- {head.strip()}"


def _section(named: Named) -> Iterator[str]:
    node = named.node
    yield f"## {named.name}"
    where = named.file.relative_to(ROOT).as_posix()
    if isinstance(node, ast.FunctionDef):
        yield f"```python\n{_signature(node)}\n```"
        yield markdown(named.doc)
    elif isinstance(node, ast.ClassDef):
        made = next((m for m in node.body if isinstance(m, ast.FunctionDef) and m.name == "__init__"), None)
        bases = ", ".join(map(ast.unparse, node.bases))
        arguments = re.sub(r"^self(?:, |$)", "", ast.unparse(made.args)) if made else ""
        yield f"```python\nclass {node.name}({bases})\n" + (f"{node.name}({arguments})\n" if made else "") + "```"
        yield markdown(named.doc)
        fields = list(_fields(node))
        if fields:
            yield "\n".join(fields)
        for member in public_members(node):
            head = member.name if _decorated(member, "property") else _signature(member, method=True)
            yield f"### {named.name}.{member.name}"
            yield f"```python\n{head}\n```"
            yield markdown(ast.get_docstring(member) or "")
    else:
        yield f"```python\n{ast.unparse(node)[:200]}\n```"
        yield named.doc
    yield f"*Defined in `{where}`.*"


def _fields(node: ast.ClassDef) -> Iterator[str]:
    for number, member in enumerate(node.body):
        if isinstance(member, ast.AnnAssign) and isinstance(member.target, ast.Name) and member.target.id[0] != "_":
            about = _text(node.body[number + 1]) if number + 1 < len(node.body) else ""
            yield f"- `{member.target.id}: {ast.unparse(member.annotation)}`" + (
                f": {' '.join(about.split())}" if about else ""
            )


def pages() -> dict[str, str]:
    """Give the text of each page by its file name; `README.md` is the index."""
    written, index = {}, ["# API reference", WRITTEN]
    index.append(
        "What each room gives to users and to other rooms. Import from these names only: the modules behind them move."
    )
    rows = ["| face | is |", "|---|---|"]
    for face, stub in faces().items():
        about = ast.get_docstring(ast.parse(stub.with_suffix(".py").read_text(encoding="utf-8"))) or ""
        names = names_of(face)
        listed = ", ".join(f"[`{each.name}`](#{each.name.lower()})" for each in names)
        sections = ["\n\n".join(part for part in _section(each) if part) for each in names]
        written[f"{face}.md"] = "\n\n".join([f"# {face}", WRITTEN, about, listed, *sections]) + "\n"
        rows.append(f"| [`{face}`]({face}.md) | {about.splitlines()[0] if about else ''} |")
    written["README.md"] = "\n\n".join([*index, "\n".join(rows)]) + "\n"
    return written


if __name__ == "__main__":
    wanted = pages()
    for old in FOLDER.glob("*.md"):
        if old.name not in wanted:
            old.unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
