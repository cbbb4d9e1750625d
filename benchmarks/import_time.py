"""What imports cost: torch alone, symnb, each of the names people start with, and answers of the command that compute nothing.

python benchmarks/import_time.py [--repeats 5] [--out FILE.json]

Every statement runs in a fresh process, in turns; the table has medians of wall and processor time, and what comes on top of torch.
Processor time is what a busy machine leaves comparable, and what the limits are held against; the exit code says whether they are kept.
"""

import argparse
import subprocess
import sys
from pathlib import Path
from statistics import median

from symnb.core.checks import header, machine, write_json

ROOT = Path(__file__).resolve().parent.parent
CLOCK = """import sys, time
wall, cpu = time.perf_counter(), time.process_time()
{}
print(time.perf_counter() - wall, time.process_time() - cpu, "torch" in sys.modules)"""
COMMAND = """from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
    from symnb.cli.discover import main
    main({!r})"""
CASES = {
    "pass": "pass",
    "import torch": "import torch",
    "import symnb": "import symnb",
    "import torch, symnb": "import torch, symnb",
    "from symnb import Field": "from symnb import Field",
    "from symnb import Equation": "from symnb import Equation",
    "from symnb import Trajectories": "from symnb import Trajectories",
    "from symnb import PDETask, solve": "from symnb import PDETask, solve",
    "from symnb import learn": "from symnb import learn",
    "from symnb import ImageTask": "from symnb import ImageTask",
    "from symnb import plot": "from symnb import plot",
    "symnb_discover --version": COMMAND.format(["--version"]),
    "symnb_discover --help": COMMAND.format(["--help"]),
    "symnb_discover KdX": COMMAND.format(["KdX"]),
    "symnb_discover KdV --n 0": COMMAND.format(["KdV", "--n", "0"]),
}
LIMIT = 0.3  # s of processor time: of `import torch, symnb` beyond `import torch`, and of answers without torch


def once(code):
    "Wall time, processor time, was torch imported: of one statement in a fresh process."
    run = [sys.executable, "-W", "ignore", "-c", CLOCK.format(code)]
    wall, cpu, torch = subprocess.run(run, capture_output=True, text=True, check=True, cwd=ROOT).stdout.split()
    return float(wall), float(cpu), torch == "True"


def measure(repeats):
    "Medians for each case."
    runs = {name: [] for name in CASES}
    for _ in range(repeats):
        for name, code in CASES.items():
            runs[name].append(once(code))
    return {
        name: {"wall": median(w for w, _, _ in r), "cpu": median(c for _, c, _ in r), "torch": any(t for *_, t in r)}
        for name, r in runs.items()
    }


def broken(found):
    "Limits that are not kept."
    extra = found["import torch, symnb"]["cpu"] - found["import torch"]["cpu"]
    if extra > LIMIT:
        yield f"import symnb takes {extra:.2f} s beyond torch"
    for name in ("import symnb", "symnb_discover --version", "symnb_discover --help", "symnb_discover KdX", "symnb_discover KdV --n 0"):
        if found[name]["torch"] or found[name]["cpu"] > LIMIT:
            yield f"{name} takes {found[name]['cpu']:.2f} s{', torch among it' if found[name]['torch'] else ''}"


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--out", type=Path)
    a = parser.parse_args(argv)
    found = measure(a.repeats)
    base = found["import torch"]
    print(f"{'':34}{'wall':>8}{'cpu':>8}  beyond torch (cpu)")
    for name, r in found.items():
        beyond = f"{r['cpu'] - base['cpu']:+.2f} s" if r["torch"] else "without torch"
        print(f"{name:34}{r['wall']:7.2f}s{r['cpu']:7.2f}s  {beyond}")
    if a.out:
        write_json(a.out, header("import time", machine=machine(), repeats=a.repeats, seconds=found))
    faults = list(broken(found))
    print("\n".join(faults) or f"within {LIMIT} s")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
