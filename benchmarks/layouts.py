"""Two systems in the plane, simulated, saved in the layouts of others, read back and solved.

python benchmarks/layouts.py [--nx 64] [--seed 0] [--out nbs/experiments/results/layouts.json]

For each layout: bytes of the file, processor seconds to open it, to read it whole and to solve, the largest difference from what was
simulated, and how many symmetries are found over polynomials of total degree 2, from the file and from the same trajectories in memory.
"""
import tempfile
import time
from pathlib import Path

import h5py
import numpy as np
from common import arguments, write

from symnb.data.equations import get_equation
from symnb.data.simulate import simulate
from symnb.data.trajectories import open_trajectories
from symnb.discovery.solve import solve
from symnb.tasks.pde import PDETask

SYSTEMS = {"lambda-omega": 5, "shallow water": 9}  # symmetries in the literature


def pdebench(path, t, axes, fields):
    with h5py.File(path, "w") as f:
        f["t-coordinate"] = np.append(t, 2*t[-1] - t[-2])
        for k, a in axes.items(): f[f"{k}-coordinate"] = a
        for b, a in fields.items(): f[b] = a


def well(path, t, axes, fields):
    with h5py.File(path, "w") as f:
        f.create_group("dimensions").attrs["spatial_dims"] = list(axes)
        for k, a in ({"time": t} | axes).items(): f[f"dimensions/{k}"] = a
        for k, a in axes.items():
            g = f.create_group(f"boundary_conditions/{k}_periodic")
            g.attrs.update(associated_dims=[k], bc_type="PERIODIC")
            g["mask"] = np.isin(np.arange(len(a)), [0, len(a) - 1])
        for b, a in fields.items(): f[f"t0_fields/{b}"] = a


def dedalus(path, t, axes, fields):
    with h5py.File(path, "w") as f:
        for k, a in ({"sim_time": t} | {f"{k}_hash_0": a for k, a in axes.items()}).items():
            f[f"scales/{k}"] = a
            f[f"scales/{k}"].make_scale(k.split("_hash")[0])
        for b, a in fields.items():
            d = f.create_dataset(f"tasks/{b}", data=a[0])
            for i, k in enumerate(["sim_time", *(f"{k}_hash_0" for k in axes)]): d.dims[i].attach_scale(f[f"scales/{k}"])


def netcdf(path, t, axes, fields):
    import xarray

    variables = {b: (("run", "time", *axes), a) for b, a in fields.items()}
    xarray.Dataset(variables, {"time": t} | axes).to_netcdf(path, engine="netcdf4")


def matlab(path, t, axes, fields):
    with h5py.File(path, "w", userblock_size=512) as f:
        for k, a in ({"t": t} | axes | fields).items():
            a = a[:, None] if a.ndim == 1 else np.moveaxis(a, 1, -1)  # [n, nx, ny, nt], turned as MATLAB writes
            f.create_dataset(k, data=a.T).attrs["MATLAB_class"] = np.bytes_("double")


LAYOUTS = {"PDEBench": (pdebench, "cfd.hdf5", {}), "the Well": (well, "well.hdf5", {}), "Dedalus": (dedalus, "snapshots_s1.h5", {}),
           "netCDF-4": (netcdf, "run.nc", {}), "MATLAB 7.3": (matlab, "run.mat", {"axes": "n,x,y,t"})}  # a square: which is x?


def measure(layout, data, path):
    "Bytes, seconds, difference, and what was read."
    write, _, said = LAYOUTS[layout]
    arrays = {b: a.numpy() for b, a in data.fields.items()}
    write(path, data.t.numpy(), {k: a.numpy() for k, a in data.axes.items()}, arrays)
    clock = time.process_time()
    found = open_trajectories(path, **said)
    opened = time.process_time() - clock
    back = found[:]
    whole = time.process_time() - clock
    off = max(float((back.fields[b] - a[:back.n]).abs().max()) for b, a in data.fields.items())
    call = f'open_trajectories("{path.name}"{"".join(f", {k}={v!r}" for k, v in said.items())})'
    return {"layout": layout, "call": call, "bytes": path.stat().st_size, "n": back.n, "shape": [back.nt, *back.shape],
            "fields": list(back.dependent), "open_s": round(opened, 3), "whole_s": round(whole, 3), "off": off}, back


def solved(eq, data):
    "How many symmetries, and in how many processor seconds."
    clock, task = time.process_time(), PDETask(eq, data, domain="local")
    return solve(task, basis=task.basis(2)).dim, round(time.process_time() - clock, 1)


def main():
    a, systems = arguments(__doc__, "layouts", nx=64, seed=0), {}
    with tempfile.TemporaryDirectory() as folder:
        for name, known in SYSTEMS.items():
            eq = get_equation(name)
            data, rows, memory = simulate(eq, n=2, seed=a.seed, nx=a.nx), [], {}
            for layout, (_, file, _) in LAYOUTS.items():
                row, back = measure(layout, data, Path(folder)/file)
                if back.n not in memory: memory[back.n], _ = solved(eq, data[:back.n])
                dim, seconds = solved(eq, back)
                rows.append(row | {"dim": dim, "dim_in_memory": memory[back.n], "solve_s": seconds})
                print(name, rows[-1], flush=True)
            systems[name] = {"known": known, "rows": rows}
    write(a, systems=systems)


if __name__ == "__main__":
    main()
