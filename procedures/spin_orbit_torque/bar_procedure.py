"""What the procedures on a bar have in common: how it is read, and what is known of its layers."""

import math
from typing import ClassVar

from pymeasure.experiment import BooleanParameter, FloatParameter

from mtjlab.analysis.spin_orbit_torque import BarContact, BarContactState, BarLayers, density_in, oersted_field
from mtjlab.core import Quantity
from mtjlab.instruments import Bench, InstrumentError, PumpProbe, longest_reading
from mtjlab.procedures.measurements.limited_parameter import LimitedParameter
from mtjlab.procedures.measurements.reading_time import BY_COMMAND, START, computed
from mtjlab.procedures.measurements.recording_size import recording_size
from mtjlab.procedures.measurements.table_procedure import TableProcedure
from mtjlab.procedures.spin_orbit_torque.bar_field import BarField

__all__ = ["BarProcedure", "LayeredBarProcedure"]

READING_OVERHEAD = 5e-3
"""Time [s] that a nanovoltmeter takes beside its integration, about."""
CONTACT_CURRENT = 1e-4
"""Current that the contacts are looked at with [A], at most."""
COMMANDS = 4
"""What a reading of a bar takes on a simulated bench over what one setting and reading take."""


class BarProcedure(TableProcedure):
    """A measurement on a bar, with a current source and a nanovoltmeter, or a source-meter alone.

    x lies along the bar and its current, y across it in the plane: ``coil`` makes Hx, ``coil_y`` Hy.
    """

    compliance = LimitedParameter(
        "Largest voltage of the current source",
        limit="compliance_voltage",
        units="V",
        default=15.0,
        minimum=0.1,
        maximum=100.0,
    )
    integration = FloatParameter("Integration time in power line cycles", default=1.0, minimum=0.01, maximum=60.0)

    _leads: PumpProbe
    _field: BarField

    def connect(self, largest: float, along: float, across: float, *, transverse: bool = False) -> None:
        """Find the instruments and make the settings that the interlock may refuse; outputs stay as they are.

        Parameters
        ----------
        largest
            Largest current of a reading [A].
        along, across
            Largest fields along the bar and across it [T].
        transverse
            Whether the voltage across the bar is read.
        """
        roles = self.bench.roles
        if "current_source" not in roles and ("pulse_generator" in roles or not self.bench.file.limits.current):
            # A bench of a junction, whose source-meter sources no current: this says what is missing.
            self.bench.role("current_source")
        self._leads = PumpProbe(self.bench, self.compliance)
        self._current: float | None = None
        self._contact_current = min(largest, CONTACT_CURRENT)
        self._field = BarField(self.bench)
        self._field.prepare(along, across)
        if transverse:
            self.bench.role("nanovoltmeter")
        self.bench.interlock.check_current(largest, self.compliance)
        self._leads.set_integration(self.integration)

    def startup(self) -> None:
        """Switch current and coils on, and make sure that a bar is connected."""
        self.configure()
        self._field.switch_on()
        currents = [sign * self._contact_current for sign in (1, -1, 1, -1)]
        self.refuse_no_bar(currents, [self.voltage(current) for current in currents])
        self.let_flow(0.0)

    def refuse_no_bar(self, currents: list[float], voltages: list[float]) -> None:
        """Make sure that voltages along the bar are those of a bar: no fit of an open or a shorted one.

        Parameters
        ----------
        currents, voltages
            Readings [A], [V], at least four, of both signs.

        Raises
        ------
        InstrumentError
            If the leads are open, shorted or reversed, or a contact is bad; with the diagnosis.
        """
        expected = self.bench.file.device.resistance
        contact = BarContact.judge(currents, voltages, expected, self.compliance)
        if contact.state is not BarContactState.BAR:
            raise InstrumentError(contact.diagnosis)

    def let_flow(self, current: float) -> None:
        """Let a steady current flow [A]."""
        if current != self._current:
            self._leads.hold(current)
            self._current = current

    def voltage(self, current: float, *, transverse: bool = False) -> float:
        """Read the voltage along the bar [V], or across it, under a current [A].

        Parameters
        ----------
        current
            Current [A].
        transverse
            Whether the voltage is that across the bar.
        """
        self.let_flow(current)
        return (self._leads.read_across() if transverse else self._leads.read()).voltage

    def resistance(self, current: float, *, transverse: bool = False) -> float:
        """Read voltage over current [Ω].

        Parameters
        ----------
        current
            Current [A].
        transverse
            Whether the voltage is that across the bar.
        """
        return self.voltage(current, transverse=transverse) / current

    @property
    def _readings(self) -> int:
        """Number of readings of a run."""
        raise NotImplementedError

    @property
    def _pulsing(self) -> float:
        """Time that a run spends in pulses and waits [s]."""
        return 0.0

    @property
    def estimated_duration(self) -> float:
        """Time that a run takes [s]: readings, settings, pulses; the coils' ramps come on top."""
        if computed(self) is not None:
            return START + self._readings * COMMANDS * BY_COMMAND
        bench: Bench | None = getattr(self, "bench", None)
        if bench is not None and "nanovoltmeter" in bench.roles:
            each = bench.nanovoltmeter.integration_time(self.integration) + READING_OVERHEAD
        else:
            each = (longest_reading if bench is None else bench.source_meter.reading_duration)(self.integration)
        return float(START + self._readings * each + self._pulsing)

    @property
    def estimated_bytes(self) -> int:
        """Size of the recording [bytes]."""
        return recording_size(rows=self._readings, columns=len(self.DATA_COLUMNS))


class LayeredBarProcedure(BarProcedure):
    """One whose fit is told what is known of the layers: geometry, magnet, damping; each with its relative uncertainty.

    What is 0 is not known, and what needs it is not among the results.
    """

    width_of_bar = FloatParameter("Width of the bar", units="m", default=0.0, minimum=0.0, maximum=1e-2)
    metal_thickness = FloatParameter("Thickness of the metal", units="m", default=0.0, minimum=0.0, maximum=1e-6)
    metal_share = FloatParameter("Share of the current in the metal", default=1.0, minimum=0.01, maximum=1.0)
    metal_below = BooleanParameter("Metal lies below the magnet", default=True)
    thickness = FloatParameter("Thickness of the magnet", units="m", default=0.0, minimum=0.0, maximum=1e-6)
    magnetisation = FloatParameter("Known Ms", units="A/m", default=0.0, minimum=0.0, maximum=1e7)
    damping = FloatParameter("Known damping", default=0.0, minimum=0.0, maximum=1.0)
    anisotropy_field = FloatParameter("Known Bk in the plane", units="T", default=0.0, minimum=0.0, maximum=10.0)
    demagnetising_field = FloatParameter("Known Beff", units="T", default=0.0, minimum=0.0, maximum=10.0)
    layers_error = FloatParameter("Relative uncertainty of each", default=0.02, minimum=0.0, maximum=1.0)

    layer_settings: ClassVar[tuple[str, ...]] = (
        "width_of_bar", "metal_thickness", "metal_share", "metal_below", "thickness", "magnetisation", "damping",
        "anisotropy_field", "demagnetising_field", "layers_error",
    )  # fmt: skip
    fit_settings = layer_settings

    @property
    def oersted(self) -> float | None:
        """Oersted field per ampere [T/A]; None where the width is not known."""
        if not self.width_of_bar:
            return None
        return oersted_field(self.width_of_bar, self.metal_share, metal_below=self.metal_below)

    def layers(self) -> BarLayers | None:
        """Give the layers; None where something of them is not known."""
        known = (
            self.magnetisation,
            self.thickness,
            self.damping,
            self.anisotropy_field,
            self.demagnetising_field,
            self.width_of_bar * self.metal_thickness / self.metal_share,
        )
        if not all(known):
            return None
        return BarLayers(*(Quantity(each, each * self.layers_error) for each in known))

    def torque_results(self, critical_current: Quantity) -> dict[str, Quantity]:
        """Give what a threshold says of current density and efficiency, as far as the layers are known.

        Parameters
        ----------
        critical_current
            Ic0 [A].
        """
        found = {}
        section = self.width_of_bar * self.metal_thickness / self.metal_share
        if section:
            found["Jc0"] = density_in(Quantity(section, section * self.layers_error, "m²"), critical_current)
        layers = self.layers()
        if layers is not None and math.isfinite(critical_current.value):
            found["damping-like efficiency"] = layers.efficiency(critical_current)
        return found
