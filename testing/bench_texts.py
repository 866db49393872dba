"""Benches from text: one with an instrument in every role, and shipped ones with lines replaced."""

from mtjlab.core import InputError, TomlDocument
from mtjlab.instruments import BenchFile

__all__ = ["bench_from_text", "changed_bench", "whole_bench_text"]

WHOLE = """\
name = "whole"
[roles]
pulse_generator = {{ driver = "{generator}" }}
current_source = {{ driver = "keithley6221" }}
source_meter = {{ driver = "{meter}" }}
nanovoltmeter = {{ driver = "keithley2182" }}
oscilloscope = {{ driver = "siglentsds1000xhd" }}
multiplexer = {{ driver = "keithley2700", junctions = {{ A1 = 101, A2 = 102 }} }}
coil = {{ driver = "yokogawags200", constant = 0.5, ramp = 1.0 }}
temperature_controller = {{ driver = "lakeshore3xx" }}
[wiring]
load = {load}
[limits]
pulse_amplitude = 1.8
pulse_width = 1e-6
pulse_energy = 2e-12
read_bias = 0.2
compliance = 1e-4
current = {current}
current_pulse_width = 1e-3
compliance_voltage = 10
field = 0.05
temperature = 350
{more_limits}
[device]
name = "W1"
resistance = 50.9e3
[simulation]
seed = 3
# Any pulse at once; a switching table of a device or of edges that are new is counted first.
model = "macrospin"
"""


def bench_from_text(text: str, name: str = "bench") -> BenchFile:
    """Read a bench file from a text.

    Parameters
    ----------
    text
        The bench file, TOML.
    name
        What messages call it.

    Returns
    -------
    BenchFile
        For `open_bench`, `open_direct_bench` and `open_recorded_bench`.

    Raises
    ------
    InputError
        If the text is no bench file; the message has the line.

    Examples
    --------
    >>> bench_from_text(whole_bench_text()).device.resistance
    50900.0
    """
    return BenchFile.parse(TomlDocument(name, text))


def changed_bench(name: str, **changes: str) -> BenchFile:
    """Read a shipped bench with the values of keys replaced.

    Parameters
    ----------
    name
        Name of the bench, such as ``simulated-loops``.
    **changes
        New values by key, as they are written in TOML; each key must stand in the file once.

    Returns
    -------
    BenchFile
        The changed bench.

    Raises
    ------
    InputError
        If there is no such bench, the file has none or several lines of a key, or a value does not fit.

    Examples
    --------
    >>> changed_bench("simulated", model='"macrospin"').simulation.model
    'macrospin'
    """
    lines = BenchFile.load(name).text.splitlines()
    for key, value in changes.items():
        found = [number for number, line in enumerate(lines) if line.partition("=")[0].strip() == key]
        if len(found) != 1:
            raise InputError(
                f"bench {name} has {len(found)} lines of {key}: only a key that stands once can be replaced"
            )
        lines[found[0]] = f"{key} = {value}"
    return bench_from_text("\n".join(lines) + "\n", name)


def whole_bench_text(
    generator: str = "keysight81160a",
    meter: str = "keithley2400",
    load: float = 1e6,
    current: float = 1e-5,
    more_limits: str = "",
) -> str:
    """Write the file of a simulated bench with an instrument in every role but the second coil.

    Parameters
    ----------
    generator, meter
        Drivers of the pulse generator and of the source-meter.
    load
        Load [Ω] that the generator sees.
    current
        Largest current [A].
    more_limits
        Further lines of ``[limits]``.

    Returns
    -------
    str
        TOML, with limits, a device of 50.9 kΩ, seed 3 and the macrospin.
    """
    return WHOLE.format(generator=generator, meter=meter, load=load, current=current, more_limits=more_limits)
