"""The tests T0 to T8 of BSI AIS 20/31; `run_ais_31` does them all."""
