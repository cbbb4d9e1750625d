"""Two fields on 64 x 64 places at 100 times, with noise: identified and solved, in what time and memory.

python benchmarks/plane.py [--seeds 3] [--out nbs/experiments/results/plane.json]

λ–ω from one trajectory. Seconds are those of the processor, on one thread; the memory is the largest that the process ever held.
"""
import argparse
import resource
import sys
import time
import warnings
from pathlib import Path

import torch
from coverage import CASES, SPIRALS, noisy

from symnb.core.checks import header, machine, write_json
from symnb.data.equations import Equation, Waves
from symnb.data.simulate import random_waves, simulate
from symnb.discovery.identify import identify
from symnb.discovery.solve import solve

RESULTS = Path(__file__).parent.parent/"nbs/experiments/results/plane.json"
NOISE = (0., .05)  # standard deviation of the noise over that of the field


def memory(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss/2**20  # GB


def measure(data, share, seed):
    if share: data = noisy(data, share, seed)
    start, before = time.process_time(), memory()
    found = identify(data)
    between = time.process_time()
    sym = solve(found)
    row = {"identify s": between - start, "solve s": time.process_time() - between, "GB before": before, "GB": memory()}
    return row | {"right": {*found.coefficients} == {*CASES["λ–ω"][2]}, "verdicts": [[v.generator, v.status] for v in sym.verdicts]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=RESULTS)
    args = parser.parse_args()
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    eq, runs = Equation(SPIRALS, length=10., duration=6., nx=64, nt=100), []
    for seed in range(args.seeds):
        waves = Waves(n=6, modes=(1, 2), amplitude=.5)
        data = simulate(eq, initial={f: random_waves(waves, 1, seed, (64, 64), which=i) for i, f in enumerate(eq.dependent)})
        for share in NOISE:
            runs.append({"seed": seed, "noise": share} | measure(data, share, seed))
            print(runs[-1], flush=True)
            write_json(args.out, header("benchmark", command=" ".join(["python", *sys.argv]), machine=machine(), runs=runs))


if __name__ == "__main__":
    main()
