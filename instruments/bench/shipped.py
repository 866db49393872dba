"""Where bench files are: the shipped ones by name, a lab's own by path."""

from importlib import resources
from pathlib import Path

from mtjlab.core import TomlDocument

__all__ = ["read_bench_file", "shipped_benches"]


def shipped_benches() -> dict[str, str]:
    """Text of each shipped bench, by its name."""
    folder = resources.files("mtjlab.instruments.simulated") / "benches"
    return {
        entry.name.removesuffix(".toml"): entry.read_text(encoding="utf-8")
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    }


def read_bench_file(name_or_path: str | Path) -> TomlDocument:
    """Find a bench file: a shipped one by its name, or a TOML file by its path.

    Raises
    ------
    ValueError
        If there is none, or if it can not be read.
    """
    shipped = shipped_benches()
    if str(name_or_path) in shipped:
        return TomlDocument(f"bench {name_or_path}", shipped[str(name_or_path)])
    return TomlDocument.read(
        Path(name_or_path),
        f"give the path of a bench file (mtjlab bench init writes one) or a shipped bench ({', '.join(shipped)})",
    )
