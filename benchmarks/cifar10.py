"""The paper's experiment on CIFAR-10: a ResNet-18, what its features do not see, and what that is worth as augmentation.

python benchmarks/cifar10.py --download --device cuda      the paper's settings: a GPU, the internet, about a day; NOT YET RUN at full size
python benchmarks/cifar10.py --small --work FOLDER         the same code on a small stand-in of the same shape, about half a minute

The data lie in --root: torchvision's folder cifar-10-batches-py, or cifar-10-batches-bin, the set's own binary form, which the stand-in
has too. Every finished part is written at once; a command that is given again goes on where it stopped. Ctrl-C leaves checkpoints.
"""
import argparse
import sys
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import nn

from symnb.applications.images import RandomSymmetry, affine_generators
from symnb.cli.core import plain
from symnb.cli.images import look, smoothest, unit
from symnb.core.checks import fail, get_device, header, machine, read_json, seeded, write_json
from symnb.core.training import CHECKPOINT
from symnb.data.images import Classifier, Images, flip_crop, get_images, make_classifier, resnet18, train_classifier
from symnb.data.invariants import blobs
from symnb.discovery.learn import Flows, Penalties, learn
from symnb.discovery.solve import solve
from symnb.discovery.symmetries import Symmetries
from symnb.geometry.fields import Basis, affine_basis, principal_cosines
from symnb.tasks.image import ImageTask

RESULTS = Path(__file__).parent.parent/"nbs/experiments/results/cifar10.json"
CLASSES = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
SIZE, RECORD = 32, 1 + 3*32*32  # pixels a side; bytes of a label and a picture


@dataclass
class Settings:
    "Those of the paper (Ko, Kim & Lee 2024); where symnb differs, it is said."
    train: int | None = None  # training pictures; None: all 50,000
    width: int = 64  # channels of the first layer: ResNet-18
    epochs: int = 200  # SGD with Nesterov momentum, rate 0.1, a fifth of it after 60, 120, 160 epochs, weight decay 5e-4
    batch: int = 128  # of the classifiers and of the fields
    slots: int = 10  # vector fields
    ways: tuple = ("solve", "learn")  # the first one's fields move pictures; "flow" is the paper's own: its weights, Adam 1e-4, 50 epochs
    pictures: int = 5000  # that the fields are found on by solve and learn; the paper's flow sees all
    scale: float = .1  # of solve and learn, in half-frames
    degree: int = 3  # of the polynomials of solve
    steps: int | None = None  # of learn; None: its own, or 50 epochs along the flow
    best: int = 6  # slots that pictures are augmented with
    sigmas: tuple = (.1,)  # c_a ~ U(-σ, σ)/√6; of several, the best on held-out training pictures
    validation: int = 5000  # pictures held out for that


PAPER = Settings()
SMALL = Settings(train=120, width=4, epochs=2, batch=40, slots=6, pictures=6, degree=1, steps=5, best=2, sigmas=(.05, .1), validation=40)


# ------------------------------------------------------------------ the set

def write_stand_in(root, n=24, tests=40, seed=0):
    "Pictures of coloured blobs as CIFAR-10's binary form: five training files of n records, one of tests; a label's byte, then 3072."
    folder = Path(root)/"cifar-10-batches-bin"
    folder.mkdir(parents=True, exist_ok=True)
    (folder/"batches.meta.txt").write_text("\n".join(CLASSES) + "\n")
    for k, name in enumerate([*(f"data_batch_{i}.bin" for i in range(1, 6)), "test_batch.bin"]):
        count = tests if k == 5 else n
        y, shades = np.arange(count, dtype=np.uint8) % 10, torch.rand(10, 3, 1, 1, generator=seeded(seed))
        x = (blobs(count, SIZE, channels=3, seed=seed + k + 1)*(.3 + .7*shades[y.astype(int)])).clamp(0, 1)
        records = np.concatenate([y[:, None], (255*x).round().byte().flatten(1).numpy()], 1)
        (folder/name).write_bytes(records.tobytes())
    return folder


def read_binary(folder, split):
    "Images of CIFAR-10's binary form; SymnbError for files that are missing or cut short."
    files = [folder/"test_batch.bin"] if split == "test" else [folder/f"data_batch_{k}.bin" for k in range(1, 6)]
    parts = []
    for path in files:
        if not path.is_file(): fail(f"no file {path}", "the six files of CIFAR-10's binary form")
        data = np.frombuffer(path.read_bytes(), np.uint8)
        if not len(data) or len(data) % RECORD: fail(f"{path} has {len(data)} bytes", f"records of {RECORD}", "getting it again")
        parts.append(data.reshape(-1, RECORD))
    records = np.concatenate(parts)
    x = torch.tensor(records[:, 1:].reshape(-1, 3, SIZE, SIZE)).float()/255
    return Images(x, torch.tensor(records[:, 0]), CLASSES, "cifar-10", {"source": str(folder), "split": split})


def cifar(root, split, download=False):
    "The set in either form."
    binary = Path(root)/"cifar-10-batches-bin"
    return read_binary(binary, split) if binary.is_dir() else get_images("cifar-10", split, path=root, download=download)


# ------------------------------------------------------------------ classifiers

def narrow(width, seed):
    "ResNet-18 in its CIFAR form with another number of channels."
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seeded(seed).initial_seed())
        net = resnet18()
        block, net.inplanes = type(net.layer1[0]), width
        net.conv1, net.bn1 = nn.Conv2d(3, width, 3, padding=1, bias=False), nn.BatchNorm2d(width)
        for k in range(4): setattr(net, f"layer{k + 1}", net._make_layer(block, width*2**k, 2, stride=1 + (k > 0)))
        net.fc = nn.Linear(8*width, 10)
    return net


def network(width, seed):
    "What is trained: ResNet-18, or a narrow one."
    return "resnet18" if width == 64 else narrow(width, seed)


def flip(x, generator):
    "Each picture mirrored with probability ½, which the paper does always."
    mirrored = (torch.rand(len(x), generator=generator) < .5).to(x.device)
    return torch.where(mirrored[:, None, None, None], x.flip(-1), x)


def flipped(move):
    "Flips, then a map."
    def distort(x, generator): return move(flip(x, generator), generator)
    distort.__name__ = f"flip, {move.__name__}"
    return distort


def augmentation(name, sym, sigma, best):
    "What a batch goes through: flips alone (the paper's none), flip and crop, affine fields, found fields."
    if name == "none": return flip
    if name == "default": return flip_crop
    if name == "affine": return flipped(affine_generators(sigma/6**.5).distortion())
    return flipped(RandomSymmetry(sym, sigma/6**.5, slots=list(range(best))).distortion())


def trained(images, distort, s, seed, folder, a):
    "A classifier after the paper's recipe; goes on from the checkpoint in its folder. KeyboardInterrupt if it was stopped."
    how = {"recipe": "paper", "layer": "avgpool", "seed": seed, "device": a.device, "precision": a.precision}
    out = train_classifier(images, network(s.width, seed), distort, s.epochs, s.batch, **how, folder=folder,
                           resume=(folder/CHECKPOINT).exists(), progress=sys.stderr.isatty())
    if out.log.stopped == "interrupted": raise KeyboardInterrupt
    return out


# ------------------------------------------------------------------ fields

def find(way, task, s, seed):
    "Symmetries of a task by one of three ways, and seconds."
    began = time.perf_counter()
    if way == "solve": out = solve(task, Basis.polynomial(task.names, s.degree), slots=s.slots)
    elif way == "learn": out = learn(task, s.slots, seed, batch=s.batch, steps=s.steps, progress=False)
    else:
        steps = s.steps or 50*(s.train or 50000)//s.batch
        out = learn(task, s.slots, seed, "flow", batch=s.batch, steps=steps, lr=1e-4, hidden=(256, 256), head=(32,), schedule="constant",
                    penalties=Penalties(1., 10., 10., 0., tau=.5), flows=Flows(sigma=.4), progress=False)
    return out, time.perf_counter() - began


def measured(task, field):
    "Affine parts, angles, defects; cosines of the affine fields with the first six slots."
    args = task.points, task.weights, task.scales
    cosines = principal_cosines(field[:6], affine_basis(), *args)
    return {"cosines": cosines, "defect": task.relative(field)[0].detach()} | look(task, unit(task, field))


def fields(a, s, extractor, images, seed, record):
    "Symmetries by each way, beside what smoothness alone and an untrained network give."
    device = get_device(a.device)
    def task_of(c, n): return ImageTask(c.features.to(device), images.x[:n], s.scale, seed=seed, device=str(device))
    task, found = task_of(extractor, s.pictures), {}
    basis = Basis.polynomial(task.names, s.degree)
    for way in s.ways:
        path = a.work/f"{way}.safetensors"
        if way not in record or not path.exists():
            sym, took = find(way, task, s, seed)
            sym.save(path)
            record[way] = plain({"seconds": took} | measured(task, sym.field[:s.slots]))
        found[way] = Symmetries.load(path)
    if "smoothness alone" not in record: record["smoothness alone"] = plain(measured(task, smoothest(task, basis, s.slots)))
    if "untrained" not in record:
        kind = network(s.width, seed)
        plain_net = make_classifier(images, kind, seed, None if isinstance(kind, str) else "avgpool")
        other = task_of(plain_net, min(s.pictures, 500))
        record["untrained"] = plain(measured(task, solve(other, Basis.polynomial(other.names, s.degree), slots=s.slots).field[:s.slots]))
    return found


# ------------------------------------------------------------------ all of it

NAMES = ("none", "default", "affine", "found")


class Record:
    "What has been finished, in one file; SymnbError if it belongs to a run with other settings."
    def __init__(self, path, settings):
        self.path, self.settings = path, plain(asdict(settings))
        self.parts = {"extractor": None, "symmetries": {}, "sigma": {}, "accuracy": []}
        if not path.exists(): return
        old = read_json(path)
        if old["settings"] != self.settings: fail(f"{path} holds a run with other settings", "the same ones", "another --work or --json")
        self.parts = {k: old[k] for k in self.parts}

    def write(self):
        command = " ".join(["python", *sys.argv])
        write_json(self.path, header("benchmark", command=command, machine=machine(), settings=self.settings, **self.parts))


def chosen(a, s, name, sym, train, record):
    "σ of an augmentation: the only one, or the best on pictures that are held out, with seed 0."
    if name in ("none", "default") or len(s.sigmas) == 1: return s.sigmas[0]
    held, rest = train.split(s.validation, 0)
    for sigma in s.sigmas:
        if str(sigma) in record.setdefault(name, {}): continue
        c = trained(rest, augmentation(name, sym, sigma, s.best), s, 0, a.work/f"{name}-sigma{sigma:g}", a)
        record[name][str(sigma)] = c.accuracy(held)
    return max(s.sigmas, key=lambda v: record[name][str(v)])


def run(a, s):
    "Extractor, fields, accuracies; each is kept when it is done."
    a.work.mkdir(parents=True, exist_ok=True)
    file = Record(a.json or (a.work/"cifar10.json" if a.small else RESULTS), s)
    train, test = cifar(a.root, "train", a.download), cifar(a.root, "test", a.download)
    if s.train: train = train[:s.train]
    parts, path = file.parts, a.work/"extractor.safetensors"
    if not path.exists():
        extractor = trained(train, flip, s, a.seeds[0], a.work/"extractor", a)
        parts["extractor"] = {"accuracy": extractor.accuracy(test), "seconds": extractor.log.rows[-1]["seconds"]}
        extractor.save(path)
        file.write()
    own = network(s.width, 0)
    extractor = Classifier.load(path, None if isinstance(own, str) else own, a.device)
    print(f"extractor: {100*parts['extractor']['accuracy']:.2f} % of the test pictures as they are", flush=True)
    shown = train[torch.randperm(len(train), generator=seeded(a.seeds[0]))[:s.pictures]]
    shown = replace(shown, x=flip(shown.x, seeded(a.seeds[0])))
    found = fields(a, s, extractor, shown, a.seeds[0], parts["symmetries"])
    file.write()
    for way, r in parts["symmetries"].items(): print(f"{way:18} affine parts " + " ".join(f"{v:.2f}" for v in r["affine part"]), flush=True)
    for name in NAMES:
        sigma = chosen(a, s, name, found[s.ways[0]], train, parts["sigma"])
        for seed in a.seeds:
            if any((r["augmentation"], r["seed"]) == (name, seed) for r in parts["accuracy"]): continue
            distort = augmentation(name, found[s.ways[0]], sigma, s.best)
            c = trained(train, distort, s, seed, a.work/f"{name}-{seed}", a)
            row = {"augmentation": name, "seed": seed, "sigma": sigma, "accuracy": c.accuracy(test), "seconds": c.log.rows[-1]["seconds"]}
            parts["accuracy"].append(row)
            file.write()
            print(f"{name:8} seed {seed}: {100*row['accuracy']:.2f} %", flush=True)
    return file


def main(words=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, help="where the set is (data)")
    parser.add_argument("--download", action="store_true", help="let torchvision download it")
    parser.add_argument("--work", type=Path, default=Path("results/cifar10"), help="networks, fields, checkpoints (%(default)s)")
    parser.add_argument("--json", type=Path, help="the numbers (nbs/experiments/results/cifar10.json; in --work with --small)")
    parser.add_argument("--small", action="store_true", help="a small stand-in and settings that fit it")
    parser.add_argument("--seeds", type=int, nargs="+", help="(0 1 2 3 4; 0 with --small)")
    parser.add_argument("--ways", nargs="+", choices=("solve", "learn", "flow"), help="the first one moves pictures (solve learn)")
    parser.add_argument("--sigmas", type=float, nargs="+", help="how far; of several, the best on held-out pictures (0.1)")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--precision", default="32-true", choices=("32-true", "bf16-mixed"))
    a = parser.parse_args(words)
    s = SMALL if a.small else PAPER
    s = replace(s, **{k: tuple(getattr(a, k)) for k in ("ways", "sigmas") if getattr(a, k)})
    a.seeds = a.seeds or ([0] if a.small else [0, 1, 2, 3, 4])
    if a.small and a.root is None:
        a.root = a.work/"stand-in"
        write_stand_in(a.root)
    a.root = a.root or Path("data")
    return run(a, s)


if __name__ == "__main__":
    main()
