"""The way from the instruments to the device: what of a pulse and a bias really reaches it."""

import math
from typing import NamedTuple

from mtjlab.instruments.settings.wiring import DeviceUnderTest, WiringSettings

__all__ = ["GENERATOR_RESISTANCE", "SignalPath", "Reach"]

GENERATOR_RESISTANCE = 50.0
"""Output resistance of a pulse generator [Ω]."""


class Reach(NamedTuple):
    """What a pulse on a bias does at the device, in whichever of its two states is worse."""

    voltage: float
    """Largest magnitude of the voltage at any moment [V]."""
    energy: float
    """Heat of one pulse, with the bias under it, during its width [J]."""


class SignalPath:
    """Generator, bias tee and leads in front of the device.

    Parameters
    ----------
    wiring
        Load that the generator is told, loss of all that lies between, pole of the bias tee, resistance of the leads.
    device
        Its lowest and its highest resistance.
    duty_cycle
        Largest share of the time during which pulses are on: sets how far a train of them, behind the capacitor of
        the bias tee, swings to the other side.

    Notes
    -----
    A generator told of a load L makes A·(L + 50 Ω)/L without one. Tee, attenuators and cables take their loss of it,
    and the device of resistance R behind leads of r sees the share R/(R + 50 Ω + r). Behind a capacitor with corner
    frequency f the pulse droops with τ = 1/(2πf) by 1 − exp(−w/τ) and leaves a swing of the other polarity; repeated
    every T the swing grows to (1 − exp(−w/τ))/(1 − exp(−T/τ)) of the first pulse's height, and T is not below w over
    the duty cycle. The bias b reaches the device as b·R/(R + r).
    """

    def __init__(self, wiring: WiringSettings, device: DeviceUnderTest, duty_cycle: float) -> None:
        self._source = (wiring.load + GENERATOR_RESISTANCE) / wiring.load * 10 ** (-wiring.loss / 20)
        self._leads = wiring.lead_resistance
        self._decay = 1 / (2 * math.pi * wiring.bias_tee_pole) if wiring.bias_tee_pole else math.inf
        self._duty = duty_cycle
        highest = device.highest_resistance
        self._states = (device.resistance, math.inf if highest is None else highest)

    def gain(self, resistance: float) -> float:
        """Give the volts across a resistance [Ω] at the end of the line, for each volt that the generator is told.

        Parameters
        ----------
        resistance
            Resistance of the device [Ω].
        """
        return self._source * _share(resistance, GENERATOR_RESISTANCE + self._leads)

    def voltage(self, amplitude: float, bias: float) -> float:
        """Give the voltage across the device on the top of a pulse of programmed amplitude [V] on a bias [V].

        The pulse is taken to find the lower resistance, since the magnetoresistance is gone at the voltages of pulses;
        the bias of the reads one between the two states. A droop behind a bias tee's capacitor is left out.

        Parameters
        ----------
        amplitude
            Programmed amplitude [V], of either sign.
        bias
            Bias of the reads [V].
        """
        low, high = self._states
        between = 2 / (1 / low + 1 / high)
        return amplitude * self.gain(low) + bias * _share(between, self._leads)

    def programmed(self, voltage: float) -> float:
        """Amplitude that the generator is told for a voltage at the device, in its higher-ohmic state.

        Parameters
        ----------
        voltage
            Voltage at the device [V].

        Returns
        -------
        float
            The amplitude [V].
        """
        return voltage / self.gain(self._states[1])

    def reach(self, amplitude: float, width: float, bias: float) -> Reach:
        """Tell what a pulse of programmed amplitude [V] and width [s] on a bias [V] does at the device.

        Both may be of either sign.

        Parameters
        ----------
        amplitude
            Programmed amplitude [V].
        width
            Width at half maximum [s].
        bias
            Bias of the reads [V].
        """
        if not (math.isfinite(amplitude) and math.isfinite(width) and math.isfinite(bias)):
            return Reach(math.nan, math.nan)
        voltage = energy = 0.0
        ratio = width / self._decay
        drop = -math.expm1(-ratio)
        # Largest swing to the other side, as a share of the pulse, after many pulses at the largest duty cycle.
        swing = drop / -math.expm1(-ratio / self._duty) if ratio else 0.0
        for resistance in self._states:
            pulse = amplitude * self.gain(resistance)
            rest = bias * _share(resistance, self._leads)
            voltage = max(voltage, abs(rest), abs(rest + pulse), abs(rest - swing * pulse))
            energy = max(energy, self._heat(pulse, rest, width) / resistance)
        return Reach(voltage, energy)

    def _heat(self, pulse: float, rest: float, width: float) -> float:
        """Integral of (pulse·exp(−t/τ) + rest)² over the width [V²·s]."""
        tau = self._decay
        if math.isinf(tau):
            return (pulse + rest) ** 2 * width
        once, twice = -tau * math.expm1(-width / tau), -tau / 2 * math.expm1(-2 * width / tau)
        return pulse**2 * twice + 2 * pulse * rest * once + rest**2 * width


def _share(resistance: float, others: float) -> float:
    """Share of a voltage that falls across a resistance in series with others."""
    return 1.0 if math.isinf(resistance) else resistance / (resistance + others)
