"""Waves in one and two dimensions, simulated, saved in the layouts of others, read back and solved.

python benchmarks/layouts.py [--nx 64] [--seed 0] [--out nbs/experiments/results/layouts.json]

For each layout: bytes of the file, processor seconds to open it, to read it whole and to solve, the largest difference from what was
simulated, and how many symmetries are found, from the file and from the same trajectories in memory: of two systems in the plane over
polynomials of total degree 2, of Korteweg and de Vries' equation over the default basis. Rows that the file holds are not run again.
"""
import json
import tempfile
import time
from pathlib import Path

import h5py
import numpy as np
import torch
from common import arguments, write
from scipy.io import savemat

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


def netcdf(path, t, axes, fields): dataset(t, axes, fields).to_netcdf(path, engine="netcdf4")


def matlab(path, t, axes, fields):
    with h5py.File(path, "w", userblock_size=512) as f:
        for k, a in ({"t": t} | axes | fields).items():
            a = a[:, None] if a.ndim == 1 else np.moveaxis(a, 1, -1)  # [n, nx, ny, nt], turned as MATLAB writes
            f.create_dataset(k, data=a.T).attrs["MATLAB_class"] = np.bytes_("double")


def samples(path, t, axes, fields): # PDEBench's reaction-diffusion and shallow water: a group a sample, fields last
    with h5py.File(path, "w") as f:
        for i in range(len(next(iter(fields.values())))):
            f[f"{i:04d}/data"] = np.stack([a[i] for a in fields.values()], -1)
            for k, a in ({"t": t} | axes).items(): f[f"{i:04d}/grid/{k}"] = a


def advection(path, t, axes, fields):
    with h5py.File(path, "w") as f:
        f["t-coordinate"], f["x-coordinate"] = np.append(t, 2*t[-1] - t[-2]), axes["x"]
        f["tensor"] = fields["u"].astype("f4")


def lpsda(path, t, axes, fields):
    u, x = fields["u"], axes["x"]
    n, nt, nx = u.shape
    with h5py.File(path, "w") as f:
        for k, a in {f"pde_{nt}-{nx}": u, "t": np.tile(t, (n, 1)), "x": np.tile(x, (n, 1)), "dt": np.full(n, t[1] - t[0]),
                     "dx": np.full(n, x[1] - x[0])}.items(): f[f"train/{k}"] = a


def incompressible(path, t, axes, fields): # the first field carried along, if there are three
    carried, *flow = fields.values() if len(fields) == 3 else (0*next(iter(fields.values())), *fields.values())
    lengths = [len(a)*(a[1] - a[0]) for a in axes.values()]
    with h5py.File(path, "w") as f:
        f["t"], f["velocity"], f["particles"] = np.tile(t, (len(carried), 1)), np.stack(flow, -1), carried[..., None]
        f.attrs["config"] = "domain_size:\n" + "".join(f"- {L:.17g}\n" for L in lengths)


def mat5_plane(path, t, axes, fields): # [n, nx, ny, nt]
    savemat(path, {"t": t, **axes, **{b: np.moveaxis(a, 1, -1) for b, a in fields.items()}})


def mat5(path, t, axes, fields): savemat(path, {"usol": fields["u"][0].T, "x": axes["x"][None], "t": t[:, None]})
def npz(path, t, axes, fields): np.savez(path, tt=t, xs=axes["x"], wave=fields["u"])
def apebench(path, t, axes, fields): np.save(path, fields["u"][:, :, None])
def pt(path, t, axes, fields): torch.save({k: torch.as_tensor(a) for k, a in ({"t": t} | axes | fields).items()}, path)
def zarr(path, t, axes, fields): dataset(t, axes, fields).to_zarr(path, consolidated=False)
def netcdf3(path, t, axes, fields): dataset(t, axes, fields).to_netcdf(path, engine="scipy")


def csv(path, t, axes, fields): # a row for each point
    T, X = np.meshgrid(t, axes["x"], indexing="ij")
    rows = np.column_stack([T.ravel(), X.ravel(), fields["u"][0].ravel()])
    np.savetxt(path, rows, delimiter=",", header="t,x,u", comments="", fmt="%.17g")


def dataset(t, axes, fields):
    import xarray

    return xarray.Dataset({b: (("run", "time", *axes), a) for b, a in fields.items()}, {"time": t} | axes)


LINES = {"MATLAB 5": (mat5, "usol.mat", {}), "npz": (npz, "any.npz", {}), "APEBench": (apebench, "train.npy", {"axes": "n,t,c,x"}),
         "torch": (pt, "run.pt", {}), "csv": (csv, "run.csv", {}), "netCDF-3": (netcdf3, "run.nc", {}), "zarr": (zarr, "run.zarr", {}),
         "PDEBench, 1-D": (advection, "adv.hdf5", {}), "LPSDA": (lpsda, "KdV_train.h5", {}),
         "PDEBench, diffusion–sorption": (samples, "diff-sorp.h5", {"periodic": True})}
LAYOUTS = {"PDEBench": (pdebench, "cfd.hdf5", {}), "the Well": (well, "well.hdf5", {}), "Dedalus": (dedalus, "snapshots_s1.h5", {}),
           "netCDF-4": (netcdf, "run.nc", {}), "MATLAB 7.3": (matlab, "run.mat", {"axes": "n,x,y,t"}),  # a square: which is x?
           "MATLAB 5, in the plane": (mat5_plane, "plane.mat", {"axes": "n,x,y,t"}),
           "PDEBench, incompressible flow": (incompressible, "ns_incom.h5", {"periodic": True}),
           "PDEBench, a group a sample": (samples, "2D_diff-react.h5", {"periodic": True})}


def size(path): return sum(p.stat().st_size for p in path.rglob("*") if p.is_file()) if path.is_dir() else path.stat().st_size


def measure(layout, data, path):
    "Bytes, seconds, difference, and what was read."
    write, _, said = (LAYOUTS | LINES)[layout]
    if "group" in layout and data.dependent != ("u", "v"): # channels have no names: u, v, w
        said = said | {"fields": ",".join(f"{b}={c}" for b, c in zip(data.dependent, "uvw"))}
    if "incompressible" in layout:
        stored = ("particles", "velocityx", "velocityy")[-len(data.dependent):]
        said = said | {"fields": ",".join(f"{b}={c}" for b, c in zip(data.dependent, stored))}
    given = {"t": data.t.numpy(), "x": data.x.numpy()} if layout == "APEBench" else {}
    arrays = {b: a.numpy() for b, a in data.fields.items()}
    write(path, data.t.numpy(), {k: a.numpy() for k, a in data.axes.items()}, arrays)
    clock = time.process_time()
    found = open_trajectories(path, **said, **given)
    opened = time.process_time() - clock
    back = found[:]
    whole = time.process_time() - clock
    off = max(float((v - a[:back.n]).abs().max()) for v, a in zip(back.fields.values(), data.fields.values()))
    call = f'open_trajectories("{path.name}"{"".join(f", {k}={v!r}" for k, v in said.items())}{"".join(f", {k}={k}" for k in given)})'
    return {"layout": layout, "call": call, "bytes": size(path), "n": back.n, "shape": [back.nt, *back.shape],
            "fields": list(back.dependent), "open_s": round(opened, 3), "whole_s": round(whole, 3), "off": off}, back


def solved(eq, data):
    "How many symmetries, and in how many processor seconds."
    clock, task = time.process_time(), PDETask(eq, data, domain="local")
    return solve(task, basis=task.basis(2) if len(data.axes) > 1 else None).dim, round(time.process_time() - clock, 1)


def main():
    a = arguments(__doc__, "layouts", nx=64, seed=0)
    before = json.loads(a.out.read_text(encoding="utf-8")) if a.out.exists() else {}
    systems = before["systems"] if (before.get("nx", a.nx), before.get("seed")) == (a.nx, a.seed) else {}
    with tempfile.TemporaryDirectory() as folder:
        for name, known, layouts, nx in [*((k, v, LAYOUTS, a.nx) for k, v in SYSTEMS.items()), ("KdV", 4, LINES, None)]:
            rows, memory = systems.setdefault(name, {"known": known, "rows": []})["rows"], {}
            eq, left = get_equation(name), [k for k in layouts if k not in [r["layout"] for r in rows]]
            data = simulate(eq, n=2, seed=a.seed, nx=nx) if left else None
            for layout in left:
                row, back = measure(layout, data, Path(folder)/layouts[layout][1])
                if back.n not in memory: memory[back.n], _ = solved(eq, data[:back.n])
                dim, seconds = solved(eq, back)
                rows.append(row | {"dim": dim, "dim_in_memory": memory[back.n], "solve_s": seconds})
                print(name, rows[-1], flush=True)
                write(a, systems=systems)


if __name__ == "__main__":
    main()
