"""What drivers that nobody here wrote send on opening and in ordinary use is answered, and reports no error.

The messages are those of QCoDeS 0.58 (Keithley2400), InstrumentKit 0.4.2 (Keithley2182, Keithley6220) and PyMeasure
0.16.0 (Keithley2182, Keithley6221, Keithley2700, Keithley2400). Most were recorded on the served bench, some are taken
from the source of the drivers: which are which was not noted, so that all this tells is what such a driver may send.
"""

from importlib.metadata import entry_points

import pytest

from mtjlab.instruments.bench.file import RoleSettings, WiringSettings
from mtjlab.instruments.roles.multiplexer import MultiplexerSettings
from mtjlab.instruments.simulated.dialects.instrument_context import InstrumentContext

MAKERS = {entry.name: entry for entry in entry_points(group="mtjlab.simulated_instruments")}
MESSAGES = {
    ("QCoDeS", "keithley2400"): """
        *IDN?|:TRIG:COUN 1;:FORM:ELEM VOLT,CURR|:*RST|:TRIG:COUN 1;:FORM:ELEM VOLT,CURR
        SOUR:VOLT:RANG 21.000000|SOUR:VOLT:RANG?|SOUR:CURR:RANG 0.000105|SOUR:CURR:RANG?
        SENS:VOLT:PROT 1.000000|SENS:VOLT:PROT?|SENS:CURR:PROT 0.000010|SENS:CURR:PROT?
        :SENS:FUNC "CURR"|:SOUR:FUNC VOLT|:SOUR:FUNC?|:SENS:FUNC?|SENS:VOLT:NPLC 1.000000|SENS:VOLT:NPLC?
        SENS:CURR:NPLC 0.100000|SENS:CURR:NPLC?|:SOUR:VOLT:LEV 0.05000000|:OUTP:STAT 1|:OUTP:STAT?|:READ?
        :SENS:FUNC "VOLT"|:SOUR:FUNC CURR|:SOUR:CURR:LEV 0.00000100|:READ?|:OUTP:STAT 0
    """,
    ("PyMeasure", "keithley2400"): """
        :SENSE:FUNCTION:ALL|OUTPUT ON|:READ?|:MEASURE:CURRENT?|:MEASURE:VOLTAGE?|:MEASURE:RESISTANCE?
        :SENS:FUNC 'RES';:SENS:RES:MODE MAN;:SENS:RES:NPLC 1.000000;|:SENS:RES:RANG:AUTO 1;
        :SOUR:CURR:RANG:AUTO 1|:STAT:PRES;*CLS;*SRE 1;:STAT:MEAS:ENAB 512;|:TRAC:CLEAR;|:TRAC:POIN 10|:TRIGGER:COUNT 10
        :TRIGGER:DELAY 0|:TRAC:FEED SENSE;:TRAC:FEED:CONT NEXT;|:INIT|*STB?|:FORM:DATA ASCII
        *OPC?|:TRAC:DATA?|:CALCULATE3:FORMAT MEAN;:CALCULATE3:DATA?;
        :SYST:BEEP 440, 0.1|:ARM:COUN 1;:TRIG:COUN 2|:ARM:SOUR TIM;:ARM:TIM 0.100|:TRIG:OUTP NONE
        :SYSTEM:LFREQUENCY?|:SYSTEM:LFREQUENCY:AUTO?|:ROUTE:TERMINALS?|:DISPLAY:ENABLE?|:OUTPUT:SMODE?|:SOURCE:CLEAR:AUTO?
        :TRIG:CLE|:ABORT
    """,
    ("InstrumentKit", "keithley2182"): """
        SENS:FUNC?|SENS:CHAN 1|SENS:DATA:FRES?|SENS:VOLT:CHAN1:REF:STAT?|SENS:VOLT:CHAN1:REF:ACQ
        SENS:VOLT:CHAN1:REF:STAT OFF|UNIT:TEMP?|FETC?|MEAS:VOLT?|MEAS:TEMP?|TRIG:SOUR IMM|TRIG:SOUR?
        TRIG:COUN 1|TRIG:COUN?
        TRIG:DEL 0|TRIG:DEL?|SAMP:COUN 2|SAMP:COUN?|CONF?|CONF:VOLT
    """,
    ("PyMeasure", "keithley2182"): """
        :SENS:CHAN 1;:SENS:FUNC 'VOLT';:SENS:VOLT:NPLC 1;|:SENS:VOLT:RANG:AUTO 1|:SENS:VOLT:CHAN1:RANG?
        :SENS:VOLT:CHAN2:RANG:AUTO?|:SENS:VOLT:CHAN1:REF?|:SENS:VOLT:CHAN1:REF:STAT?|:SENS:TEMP:CHAN1:REF?
        :SENS:TEMP:CHAN1:REF:STAT?|:SYST:AZER:STAT?|:SYST:LFR?|:DISP:ENAB?|:SENS:CHAN?|:SENS:FUNC?|:READ?
        :SENS:VOLT:NPLC?|:SENS:TEMP:TC?|:SENS:TEMP:TC K|:SENS:TEMP:NPLC?|:SENS:TEMP:RJUN:RSEL?|:SENS:TEMP:RJUN:RSEL SIM
        :SENS:TEMP:RJUN:SIM?|:SENS:TEMP:RJUN:SIM 25|:SENS:TEMP:RTEM?|:TRIG:COUN?|:TRIG:DEL?|:TRIG:SOUR BUS
    """,
    ("InstrumentKit", "keithley6221"): """
        *IDN?|SOUR:CURR 1.000000e-06|SOUR:CURR?|SOUR:CLE:IMM|OUTP?
    """,
    ("PyMeasure", "keithley6221"): """
        OUTPut?|:OUTPut:ISHield?|:SOUR:DEL?|:OUTP:LTE?|:SOUR:CURR?|:SOUR:CURR:COMP?|:SOUR:CURR:RANG?
        :SOUR:CURR:RANG:AUTO 0;:SOUR:CURR:RANG 0.001|:SOUR:CURR:RANG:AUTO?|:UNIT:VOLT:DC?|:UNIT:VOLT:DC OHMS
        :SOUR:DELT:HIGH 0.001|:SOUR:DELT:HIGH?|:SOUR:DELT:LOW?|:SOUR:DELT:DELay?|:SOUR:DELT:DELay INF|:SOUR:DELT:COUN?
        :SOUR:SWEep:COUN?|:SOUR:DELT:CAB?|:SOUR:DELT:CSW?|:SOUR:DELT:NVPR?|TRAC:POIN?|TRAC:POIN 100|:SOUR:SWE:ABOR
        :SOUR:WAVE:FUNC?|:SOUR:WAVE:FREQ?|:SOUR:WAVE:AMPL?|:SOUR:WAVE:OFFS?|:SOUR:WAVE:DCYC?|:SOUR:WAVE:DUR:TIME?
        :SOUR:WAVE:DUR:CYCL?|:SOUR:WAVE:DUR:TIME INF|:SOUR:WAVE:RANG?|:SOUR:WAVE:PMAR:STAT?|:SOUR:WAVE:PMAR?
        :SOUR:WAVE:PMAR:OLIN?|:DISP:ENAB?|:SYST:BEEP 440, 0.1|:ARM:SOUR IMM;:TRIG:SOUR IMM;
        :ARM:SOUR BUS;:TRIG:SOUR BUS;
        :ARM:SOUR TIM;:ARM:TIM 0.100|:ARM:SOUR TLIN;:TRIG:SOUR TLIN;|:ARM:ILIN 1;:TRIG:ILIN 1;
        :TRIG:OUTP DEL;:TRIG:OLIN 2;|:TRIG:OUTP NONE|:STAT:MEAS:ENAB?|:STAT:OPER:ENAB?|:STAT:QUES:ENAB?|*SRE?
        :STAT:MEAS?|:STAT:OPER?|:STAT:QUES?|*ESR?
    """,
    ("PyMeasure", "keithley2700"): """
        *OPT?|ROUTe:MULTiple:CLOSe (@101)|ROUTe:MULTiple:CLOSe?|ROUTe:MULTiple:STATe? (@101,102)
        ROUTe:MULTiple:OPEN (@101)|:ROUTe:OPEN:ALL|DISP:TEXT:STAT?|DISP:TEXT:STAT 1|DISP:TEXT:DATA?|DISP:TEXT:DATA 'A1'
        :SYST:BEEP 440, 0.1
    """,
}
SETTINGS = {"keithley2700": MultiplexerSettings(driver="keithley2700", junctions={"A": 101, "B": 102})}


@pytest.mark.parametrize("driver", MESSAGES, ids=" ".join)
def test_a_driver_of_others_is_understood(driver, wiring):
    _, name = driver
    settings = SETTINGS.get(name, RoleSettings(driver=name))
    instrument = MAKERS[name].load()(InstrumentContext(wiring, "role", settings, WiringSettings(), seed=1))
    for message in (part.strip() for line in MESSAGES[driver].strip().splitlines() for part in line.split("|")):
        answer = instrument.handle(message)
        error = instrument.handle(":SYST:ERR?")
        assert error == b'0,"No error"', message
        assert (answer is not None) == ("?" in message), message
