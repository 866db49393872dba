"""Read a recording without mtjlab, with h5py and pandas: python analyse.py RECORDING.h5."""

import sys

import h5py
import numpy as np
import pandas as pd

with h5py.File(sys.argv[1], "r") as file:
    print(f"{file.attrs['procedure'].decode()}, {file.attrs['status'].decode()}, {file.attrs['created'].decode()}")
    packed = file["bits/packed"]
    count = int(packed.attrs["committed"])
    bits = np.unpackbits(packed[: (count + 7) // 8], count=count)
    blocks = pd.DataFrame(file["blocks"][: int(packed.attrs["blocks"])])
    amplitude = file["parameters/amplitude"]
    print(f"pulse amplitude {amplitude[()]} {amplitude.attrs['units'].decode()}")

assert blocks["ones"].sum() == bits.sum()
blocks["p_one"] = blocks["ones"] / blocks["count"]
print(blocks[["count", "ones", "p_one"]].describe().loc[["count", "mean", "std", "min", "max"]])
lag_one = np.corrcoef(bits[:-1], bits[1:])[0, 1]
print(f"{count:,} bits, P(1) = {bits.mean():.5f} ± {0.5 / count**0.5:.5f}, lag-1 correlation {lag_one:.5f}")
