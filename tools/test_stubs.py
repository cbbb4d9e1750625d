"""The stubs say what the package has, and a type checker reads them."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import stubs

HOME = """from dataclasses import dataclass
from fastcore.basics import patch
class Wave:
    def __init__(self, speed:float=None): self.speed = speed
@patch
def moved(self:Wave, by:float=1.) -> Wave: return Wave(self.speed + by)
@patch(as_prop=True)
def still(self:Wave) -> bool: return not self.speed
@dataclass
class Row:
    text: str
    def __post_init__(self): self.size = len(self.text)
"""
OTHER = """from fastcore.basics import patch
from waves.home import Wave
@patch
def louder(self:Wave, twice:bool=False) -> Wave: return self
"""
USE = """from waves import Row, Wave
w = Wave(2.).moved(3.).louder(twice=True)
flag: bool = w.still
Row("a").size
"""


class Stubs(unittest.TestCase):
    def checked(self, use):
        "Errors of the checker on a script that uses the package."
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            package = folder/"waves"
            package.mkdir()
            for name, text in {"home": HOME, "other": OTHER, "__init__": '_HOMES = {"home": ("Row", "Wave")}\n'}.items():
                (package/f"{name}.py").write_text(text)
            stubs.write(package, folder)
            (folder/"use.py").write_text(use)
            run = [sys.executable, "-m", "basedpyright", "--level", "error", "--pythonpath", sys.executable, str(folder/"use.py")]
            return subprocess.run(run, cwd=folder, capture_output=True, text=True).stdout

    def test_use(self):
        self.assertIn("0 errors", self.checked(USE))

    def test_planted(self):
        wrong_uses = {"w.mooved(1.)": "mooved", "w.moved('fast')": "fast", "Row('a', 3)": "positional", "Wave().still()": "bool"}
        for wrong, named in wrong_uses.items():
            self.assertIn(named, self.checked(USE + wrong + "\n"), wrong)


if __name__ == "__main__":
    unittest.main()
