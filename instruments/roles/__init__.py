"""The roles: what a procedure may ask of an instrument, and all that a bench must know to let it be asked.

One module a role, with its Protocol, its section of the bench file, its limits, its guard, its null twin, and the
`Role` object that joins them; `role_table` holds those that ship and those that other packages bring.
"""
