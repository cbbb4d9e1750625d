"""symnb finds the continuous symmetries hidden in data and puts them to use."""

__version__ = "0.2.0.dev0"

_HOMES = {  # module -> the public names it holds; a module is imported when one of its names is first used
    "core.checks": ("SymnbError", "SymnbWarning"),
    "data.atlas": ("ATLAS",),
    "data.equations": ("Equation", "EQUATIONS", "Waves"),
    "data.look": ("Look",),
    "data.trajectories": ("Trajectories", "open_trajectories"),
    "data.simulate": ("simulate",),
    "data.images": ("get_images", "train_classifier", "Classifier"),
    "geometry.fields": ("Field", "Basis", "bracket"),
    "geometry.flows": ("flow",),
    "geometry.neural": ("NeuralField",),
    "tasks.core": ("FunctionTask",),
    "tasks.pde": ("PDETask",),
    "tasks.image": ("ImageTask",),
    "tasks.color": ("ColorTask",),
    "tasks.certificate": ("certificate",),
    "tasks.maps": ("MapTask",),
    "discovery.algebra": ("structure", "finite"),
    "discovery.identify": ("identify",),
    "discovery.nearest": ("nearest", "to_halve", "verdicts"),
    "discovery.solve": ("solve",),
    "discovery.learn": ("learn",),
    "discovery.symmetries": ("Symmetries", "check"),
    "beyond.generalised": ("higher",),
    "beyond.conservation": ("conservation",),
    "beyond.discrete": ("discrete", "discrete_maps"),
    "beyond.classify": ("classify",),
    "beyond.reduce": ("move", "orbits", "reduce"),
    "beyond.samples": ("fit",),
    "applications.augment": ("augment", "AugmentedTrajectories"),
    "applications.operators": ("train_operator", "Operator"),
    "applications.images": ("RandomSymmetry",),
    "applications.audit": ("audit",),
    "applications.equivariance": ("EquivarianceLoss",),
    "display.plots": ("plot",),
    "display.widgets": ("explore", "animate"),
    "display.report": ("report",),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}
_ADDS = dict.fromkeys(("Trajectories", "open_trajectories", "simulate"), ("data.look", "data.scale"))  # name -> modules that give it more
_ADDS |= {"Equation": ("data.pysindy",)}
__all__ = ["__version__", *_HOME]


def __getattr__(name):
    "Import the module that holds `name` (PEP 562), so that `import symnb` alone stays fast."
    if name not in _HOME:
        raise AttributeError(f"module 'symnb' has no attribute {name!r}; it has {', '.join(_HOME)}")
    from importlib import import_module

    for module in _ADDS.get(name, ()): import_module(f"symnb.{module}")
    value = globals()[name] = getattr(import_module(f"symnb.{_HOME[name]}"), name)
    return value


def __dir__():
    return sorted({*globals(), *_HOME})
