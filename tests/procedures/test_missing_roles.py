"""A procedure says which instrument a bench lacks before it does anything, not that a limit is zero."""

import pytest

from mtjlab import procedures
from mtjlab.cli.main import main
from mtjlab.core.errors import MtjlabError
from mtjlab.instruments.bench.file import BenchFile
from mtjlab.instruments.bench.null_bench import unplugged_bench
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.safety.limits import LimitError
from mtjlab.procedures import find_procedure, procedure_names

NEEDS = [
    ("Retention", {}, "no coil on this bench: add [roles.perpendicular_coil]"),
    ("Retention", {"in_plane_field": 0.01}, "no coil on this bench: add [roles.perpendicular_coil]"),
    ("ResistanceAgainstField", {}, "no coil on this bench: add [roles.perpendicular_coil]"),
    ("ResistanceAgainstField", {"direction": "in-plane"}, "no coil on this bench: add [roles.coil]"),
    ("FindOperatingPoint", {"field": 0.01}, "no coil on this bench: add [roles.coil]"),
    ("CalibrateAmplitude", {}, "no oscilloscope on this bench: add [roles.oscilloscope]"),
    ("CalibrateArray", {}, "no junction array on this bench: add [roles.junction_array]"),
    ("AmrAngle", {}, "no current source on this bench: add [roles.current_source]"),
    ("CurrentSwitchingLoop", {}, "no current source on this bench: add [roles.current_source]"),
    ("RandomBitstream", {"junctions": "A1,A2"}, "no multiplexer on this bench: add [roles.multiplexer]"),
]


@pytest.mark.parametrize(("name", "parameters", "message"), NEEDS)
def test_a_missing_instrument_is_named_while_all_is_off(name, parameters, message):
    procedure = getattr(procedures, name)(**parameters)
    with unplugged_bench("simulated") as bench:
        procedure.bench = bench
        with pytest.raises(InstrumentError) as refused:
            procedure.configure()
        assert str(refused.value).startswith(message)
        assert bench.interlock.on == set()


@pytest.fixture(scope="module")
def whole():
    """Read a bench with every instrument that a procedure asks for but the multiplexer."""
    file, loops, line = map(BenchFile.load, ("simulated", "simulated-loops", "simulated-line"))
    roles = {
        "coil": loops.roles.coil,
        "perpendicular_coil": loops.roles.perpendicular_coil,
        "oscilloscope": line.roles.oscilloscope,
    }
    return file.model_copy(
        update={
            "roles": file.roles.model_copy(update=roles),
            "limits": file.limits.model_copy(update={"field": 0.2, "read_bias": 0.5, "compliance": 1e-4}),
        }
    )


OF_JUNCTIONS = [
    kind.__name__
    for kind in map(find_procedure, procedure_names())
    if not {"spin_orbit_torque", "memory"} & set(kind.__module__.split("."))  # of a bar, of an array
]


@pytest.mark.parametrize("name", sorted(OF_JUNCTIONS))
@pytest.mark.parametrize("role", ["pulse_generator", "source_meter"])
def test_a_bench_without_generator_or_meter_is_refused_for_that_alone(name, role, whole):
    def refusal(file):
        procedure = getattr(procedures, name)()
        with unplugged_bench(file) as bench:
            procedure.bench = bench
            try:
                procedure.configure()
            except (MtjlabError, ValueError) as error:
                return str(error)
        return ""

    lacking = whole.model_copy(update={"roles": whole.roles.model_copy(update={role: None})})
    assert refusal(whole) == ""
    missed = f"no {role.replace('_', ' ')} on this bench: add [roles.{role}] to the bench file of simulated"
    assert refusal(lacking) in ("", missed)


def test_retention_on_a_bench_without_coils(capsys, tmp_path):
    assert main(["run", "retention", "--bench", "simulated", "--output", str(tmp_path / "r.h5")]) == 2
    told = capsys.readouterr().err
    assert "no coil on this bench: add [roles.perpendicular_coil]" in told
    assert "allows" not in told
    assert not (tmp_path / "r.h5").exists()


def test_a_range_of_zero_has_no_minus():
    assert "the bench allows 0 to 0 T" in str(LimitError("field", 0.1, -0.0, 0.0, "T"))
