"""What is wrong in a TOML file is said with its line, inside arrays of tables and long values too."""

import pydantic
import pytest

from mtjlab.core.toml_document import TomlDocument

TEXT = """\
name = "a [strange] name"  # [not.a.table]
points = [
  1.0,
  2.0,
]

[[runs]]
procedure = "first"

[[runs]]
procedure = "second"
parameters = { bits = 5, width = 1e-8 }

[[runs.sweep]]
amplitude = [1.2, 1.3]

[[runs.sweep]]
"width" = [1e-8]

[runs.stop]
time = 5.0
"""


class Stop(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid")
    time: float = pydantic.Field(gt=10)


class Run(pydantic.BaseModel):
    procedure: str
    parameters: dict[str, float] = {}
    sweep: list[dict[str, list[float]]] = []
    stop: Stop | None = None


class Plan(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid")
    name: str
    points: list[float]
    runs: list[Run]


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("name",), 1),
        (("points", 1), 2),
        (("runs", 0), 7),
        (("runs", 0, "procedure"), 8),
        (("runs", 1, "procedure"), 11),
        (("runs", 1, "parameters", "bits"), 12),
        (("runs", 1, "sweep", 0, "amplitude", 1), 15),
        (("runs", 1, "sweep", 1, "width"), 18),
        (("runs", 1, "stop", "bits"), 20),
        (("elsewhere",), 1),
    ],
)
def test_a_place_has_its_line(place, line):
    assert TomlDocument("plan.toml", TEXT).line_of(place) == line


def test_the_complaint_names_source_line_place_and_value():
    with pytest.raises(
        ValueError, match=r"^plan\.toml, line 21: runs 2\.stop\.time: .*greater than 10 \(found 5\.0\)$"
    ):
        TomlDocument("plan.toml", TEXT).validate(Plan)


def test_an_unknown_key_in_an_array_of_tables_names_the_allowed_ones():
    text = TEXT.replace("time = 5.0", "tide = 50.0\ntime = 50.0")
    with pytest.raises(ValueError, match=r"line 21: runs 2\.stop\.tide: unknown key; allowed here: time"):
        TomlDocument("plan.toml", text).validate(Plan)


def test_text_that_is_not_toml_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"^x, line 1: not TOML: invalid statement \(column 1\)$"):
        TomlDocument("x", "= 5").validate(Plan)
    with pytest.raises(ValueError, match=r"^x, line 2: not TOML: invalid value$"):
        TomlDocument("x", "a = 1\nb = [1,").validate(Plan)
    with pytest.raises(ValueError, match=r"none\.toml does not exist: give one"):
        TomlDocument.read(tmp_path / "none.toml", "give one")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match=r"binary\.toml cannot be read \(it is no UTF-8 text\): give one"):
        TomlDocument.read(tmp_path / "binary.toml", "give one")
