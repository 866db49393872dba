"""Settings of a Keithley 2400 that are remembered and have no effect on a simulated junction."""

from mtjlab.instruments.simulated.scpi.scpi_instrument import ScpiInstrument

__all__ = ["enter_unused_settings"]


def enter_unused_settings(instrument: ScpiInstrument) -> None:
    """Enter them: what drivers ask on opening, and what scripts make sure of before they measure.

    Notes
    -----
    2400 series user's manual, tables 18-2 to 18-10. Sweeps, lists, source memories, limit tests and the digital port
    are not there: their headers are undefined, and ``:SOURce:VOLTage:MODE`` takes ``FIXed`` only.
    """
    _enter_source(instrument)
    _enter_sense(instrument)
    for layer in ("ARM", "TRIGger"):
        instrument.choice(f":{layer}:DIRection", "ACCeptor", ("ACCeptor", "SOURce"))
    instrument.choice(":TRIGger:INPut", "NONE", ("NONE", "SOURce", "DELay", "SENSe"))
    instrument.choice(":FORMat:SREGister", "ASCii", ("ASCii", "HEXadecimal", "OCTal", "BINary"))
    instrument.number(":DISPlay:DIGits", 6, 4, 7, integer=True)
    instrument.action(":DISPlay:CNDisplay", lambda: None)
    instrument.choice(":SYSTem:GUARd", "CABLe", ("CABLe", "OHMS"))
    instrument.switch(":SYSTem:AZERo:CACHing[:STATe]", True)
    for name in ("REFResh", "RESet"):
        instrument.action(f":SYSTem:AZERo:CACHing:{name}", lambda: None)
    instrument.query(":SYSTem:MEP[:STATe]", lambda: "1")


def _enter_source(instrument: ScpiInstrument) -> None:
    for name in ("VOLTage", "CURRent"):
        instrument.choice(f":SOURce:{name}:MODE", "FIXed", ("FIXed",))
    instrument.number(":SOURce:VOLTage:PROTection[:LEVel]", 210.0, 20.0, 210.0)
    instrument.query(":SOURce:VOLTage:PROTection:TRIPped", lambda: "0")
    instrument.choice(":SOURce:CLEar:AUTO:MODE", "ALWays", ("ALWays", "TCOunt"))
    instrument.switch(":OUTPut:ENABle[:STATe]", False)
    instrument.query(":OUTPut:ENABle:TRIPped", lambda: "0")


def _enter_sense(instrument: ScpiInstrument) -> None:
    for name, lowest, highest in (("CURRent", 1.05e-6, 1.05), ("VOLTage", 0.21, 210.0), ("RESistance", 2.1, 2.1e8)):
        instrument.number(f"[:SENSe]:{name}:RANGe:AUTO:LLIMit", lowest, lowest, highest)
        instrument.number(f"[:SENSe]:{name}:RANGe:AUTO:ULIMit", highest, lowest, highest)
    for name in ("CURRent", "VOLTage"):
        instrument.switch(f"[:SENSe]:{name}:PROTection:RSYNchronize", False)
    instrument.switch("[:SENSe]:CURRent:RANGe:HOLDoff", False)
    instrument.number("[:SENSe]:CURRent:RANGe:HOLDoff:DELay", 0.005, 0.0, 999.9999)
    instrument.switch("[:SENSe]:RESistance:OCOMpensated", False)
