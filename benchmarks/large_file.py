"""A file of 20 GB, most of it virtual, solved: peak memory, rows read, seconds.

python benchmarks/large_file.py [--gb 20] [--equation KdV] [--seed 0] [--out nbs/experiments/results/large_file.json]

A small file of simulated trajectories is written and repeated by an HDF5 virtual data set until it stands for `--gb` gigabytes;
every row that is read is a real row. The same trajectories, solved in memory, are the reference.
"""
import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

import h5py

from symnb.core.checks import header, machine, write_json
from symnb.data.equations import EQUATIONS
from symnb.data.simulate import simulate
from symnb.data.trajectories import Trajectories
from symnb.discovery.solve import solve
from symnb.tasks.pde import PDETask

RESULTS = Path(__file__).parent.parent/"nbs/experiments/results/large_file.json"


def peak():
    "Largest resident memory of this process so far, GB."
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss/1e9*(1 if sys.platform == "darwin" else 1024)


def repeated(path, source, gb):
    "An HDF5 file in the layout of symnb, without a header, whose u repeats that of `source` until it holds `gb` gigabytes."
    with h5py.File(source) as f, h5py.File(path, "w") as g:
        n, nt, nx = f["u"].shape
        times = -(-int(gb*1e9)//f["u"].nbytes)
        layout, block = h5py.VirtualLayout((times*n, nt, nx), "f8"), h5py.VirtualSource(source.name, "u", (n, nt, nx))
        for q in range(times): layout[q*n:(q + 1)*n] = block
        g["t"], g["x"] = f["t"][()], f["x"][()]
        g.create_virtual_dataset("u", layout)
    return path


def solved(eq, data, domain, seed):
    "Seconds of opening, drawing and solving, and what was found."
    clock, read = time.perf_counter(), getattr(data, "rows_read", None)
    sym = solve(PDETask(eq, data, domain=domain, seed=seed))
    return {"s": time.perf_counter() - clock, "rows_read": None if read is None else data.rows_read - read, "dim": sym.dim,
            "formulas": [f.text for f in sym.formulas], "status": sym.status, "sigma": sym.about["spectrum"][:sym.dim + 1],
            "residual": sym.about["data"]["residual"], "peak_gb": peak()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gb", type=float, default=20.)
    parser.add_argument("--equation", default="KdV")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=RESULTS)
    args = parser.parse_args()
    eq, before = EQUATIONS[args.equation], peak()
    with tempfile.TemporaryDirectory() as folder:
        small = simulate(eq, n=16, seed=args.seed).save(Path(folder)/"small.h5")
        whole = repeated(Path(folder)/"large.h5", small, args.gb)
        clock = time.perf_counter()
        data = Trajectories.of(whole)
        opened = {"s": time.perf_counter() - clock, "rows_read": data.rows_read, "peak_gb": peak()}
        large = {d: solved(eq, data, d, args.seed) for d in ("periodic", "local")}
        total, read, size, at_most = data.n*data.nt, data.rows_read, data.bytes, peak()
        one_file = sum(p.stat().st_size for p in Path(folder).iterdir())
        memory = {d: solved(eq, Trajectories.load(small), d, args.seed) for d in ("periodic", "local")}
    found = {"bytes": size, "trajectories": data.n, "rows": total, "bytes on disk": one_file, "rows_read": read, "peak_gb": at_most,
             "peak_gb of the imports": before, "opened": opened, "large": large, "the 16 trajectories in memory": memory}
    print(f"{size/1e9:.1f} GB, {total} rows: {read} rows read, peak memory {at_most:.2f} GB ({before:.2f} GB after the imports)")
    for d in large: print(f"{d:9} {large[d]['s']:6.1f} s  dim {large[d]['dim']}  {', '.join(large[d]['formulas'])}")
    same = all(large[d]["formulas"] == memory[d]["formulas"] for d in large)
    print(f"the same formulas as from the 16 trajectories in memory: {'yes' if same else 'NO'}")
    write_json(args.out, header("benchmark", command=" ".join(["python", *sys.argv]), seed=args.seed, machine=machine(), results=found))


if __name__ == "__main__":
    main()
