"""The five equations with data, pair by pair against an older version: solve + prove in processor time, dimensions, cosines.

python benchmarks/against.py [--commit a18874d] [--seeds 0-9] [--repeats 3] [--out nbs/experiments/results/against.json]

The older version is checked out into a temporary worktree, which is removed at the end. For each seed the data are simulated once; child
processes of both versions then work on the same arrays, one after the other, and take the least of a few repeats each; imports and a first
run apart. `solve` reads the formulas as well. Only ratios are of interest.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch

from symnb import EQUATIONS, simulate
from symnb.core.checks import fail, header, machine, write_json

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "nbs/experiments/results/against.json"
DIM = {"KdV": 3, "KS": 3, "Burgers": 3, "nKdV": 3, "cKdV": 2}
CHILD = """
import json, sys, time
import numpy as np, torch
from symnb import EQUATIONS, PDETask, Trajectories, solve
torch.set_num_threads(1)
files, repeats = json.loads(sys.argv[1]), int(sys.argv[2])
def run(name, data):
    clock = [time.process_time()]
    sym = solve(PDETask(EQUATIONS[name], data))
    clock.append(time.process_time())
    proofs = [p.status for p in sym.prove()]
    clock.append(time.process_time())
    return sym, proofs, [b - a for a, b in zip(clock, clock[1:])]
out = {}
for name, file in files.items():
    a = np.load(file)
    data = Trajectories(*(torch.from_numpy(a[k]) for k in "txu"), float(a["length"]))
    run(name, data)
    runs = [run(name, data) for _ in range(repeats)]
    sym, proofs, _ = runs[0]
    known = sym.compare(list(EQUATIONS[name].known)).cosines
    out[name] = {"seconds": [min(r[2][i] for r in runs) for i in (0, 1)], "dim": sym.dim, "cosine": float(known.min()),
                 "proved": proofs[:sym.dim].count("proved"), "formulas": [f.text for f in sym.formulas]}
print(json.dumps(out))
"""


def measured(tree, files, repeats):
    "What one version makes of the files."
    env = os.environ | {"PYTHONPATH": str(tree), "OMP_NUM_THREADS": "1"}
    p = subprocess.run([sys.executable, "-c", CHILD, json.dumps(files), str(repeats)], capture_output=True, text=True, env=env, cwd=tree)
    if p.returncode: fail(f"the version in {tree} stopped ({p.stderr.strip().splitlines()[-1]})", "a version that runs")
    return json.loads(p.stdout.splitlines()[-1])


def simulated(folder, seed):
    "The data of one seed, as files."
    files = {}
    for name, eq in EQUATIONS.items():
        data = simulate(eq, n=8, seed=seed)
        files[name] = f"{folder}/{name}-{seed}.npz"
        np.savez(files[name], t=data.t.numpy(), x=data.x.numpy(), u=data.u.numpy(), length=data.length)
    return files


def span(text):
    "0-9 as numbers."
    first, _, last = text.partition("-")
    return list(range(int(first), int(last or first) + 1))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--commit", default="a18874d")
    parser.add_argument("--seeds", type=span, default=span("0-9"))
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--out", type=Path, default=RESULTS)
    a = parser.parse_args()
    torch.set_num_threads(1)
    rows = []
    with TemporaryDirectory() as folder:
        old = f"{folder}/old"
        subprocess.run(["git", "worktree", "add", "--detach", "-q", old, a.commit], cwd=ROOT, check=True)
        try:
            for seed in a.seeds:
                files = simulated(folder, seed)
                order = ("old", "new") if seed % 2 else ("new", "old")
                both = {version: measured(old if version == "old" else ROOT, files, a.repeats) for version in order}
                for name in DIM:
                    o, n = both["old"][name], both["new"][name]
                    rows.append({"name": name, "seed": seed, "ratio": sum(n["seconds"])/sum(o["seconds"]), "old": o, "new": n})
                    print(f"seed {seed}  {name:8s} solve + prove {sum(o['seconds']):.3f} -> {sum(n['seconds']):.3f} s, ratio "
                          f"{rows[-1]['ratio']:.2f}; dim {o['dim']} -> {n['dim']}, proved {n['proved']}, 1 - cosine {1 - n['cosine']:.0e}",
                          flush=True)
        finally: subprocess.run(["git", "worktree", "remove", "--force", old], cwd=ROOT, check=True)
    write_json(a.out, header("benchmark", command="python benchmarks/against.py", commit=a.commit, machine=machine()) | {"rows": rows})
    for name in DIM:
        ratios = sorted(r["ratio"] for r in rows if r["name"] == name)
        print(f"{name:8s} ratio: median {ratios[len(ratios)//2]:.2f}, largest {ratios[-1]:.2f}")

    def right(new, dim): return new["dim"] == new["proved"] == dim and new["cosine"] > 1 - 1e-10
    wrong = [(r["name"], r["seed"]) for r in rows if not right(r["new"], DIM[r["name"]])]
    print("the same dimensions, all proved" if not wrong else f"not as expected: {wrong}")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
