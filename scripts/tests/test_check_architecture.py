"""The architecture check finds each thing it is there to find, and nothing in a package that is in order."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

CHECK = Path(__file__).resolve().parents[1] / "check-architecture"


def target(name, *uses, kind="regular"):
    entries = [{"product": [use, "package", None, None]} if use == "Logging" else {"byName": [use, None]} for use in uses]
    folder = "Tests" if kind == "test" else "Sources"
    return {"name": name, "type": kind, "path": f"{folder}/{name}", "dependencies": entries}


class CheckArchitecture(unittest.TestCase):
    def problems(self, targets, files):
        """What the check says of a package with these targets and files; None when it passes."""
        with tempfile.TemporaryDirectory() as directory:
            root = Path(directory)
            subprocess.run(["git", "init", "--quiet", str(root)], check=True)
            for name, content in files.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(content)
            manifest = root / "manifest.json"
            manifest.write_text(json.dumps({"targets": targets}))
            result = subprocess.run(
                [sys.executable, str(CHECK), "--root", str(root), "--manifest", str(manifest)],
                capture_output=True, text=True, check=False,
            )
            self.assertIn(result.returncode, (0, 1), result.stderr)
            return result.stderr if result.returncode else None

    def test_passes_what_is_in_order(self):
        targets = [target("JSON"), target("OCI", "JSON", "Logging"), target("OCITests", "OCI", kind="test")]
        files = {
            "Sources/OCI/A.swift": "import FoundationEssentials\npackage import JSON\nimport struct Logging.Logger\n",
            "Sources/OCI/B.swift": 'let script = #"""\n    import sys\n    """#\nimport JSON\n',
            "Tests/OCITests/A.swift": "@testable import OCI\nimport Testing\n",
            "Sources/JSON/Long.swift": "\n" * 400,
            "notes.md": "\n" * 1000,
        }
        self.assertIsNone(self.problems(targets, files))

    def test_finds_an_upward_arrow(self):
        self.assertIn("OCI (floor 1) may not use Registry (floor 2)",
                      self.problems([target("Registry"), target("OCI", "Registry")], {}))

    def test_finds_arrows_between_neighbours(self):
        for user, used in [("DockerREST", "Triton"), ("Registry", "ImageAssembler"), ("PythonLayers", "TrainedModels")]:
            self.assertIn(f"{user} (floor", self.problems([target(used), target(user, used)], {}))

    def test_finds_a_target_without_a_floor(self):
        self.assertIn("the target Attic has no floor", self.problems([target("Attic")], {}))

    def test_finds_undeclared_imports(self):
        targets = [target("JSON"), target("OCI"), target("OCITests", "OCI", kind="test")]
        for line in ["import JSON", "package import JSON", "@testable import JSON", "internal import struct JSON.Value",
                     'let text = """\n  "\n  """\nimport JSON']:
            for file in ["Sources/OCI/Deep/A.swift", "Tests/OCITests/A.swift"]:
                self.assertIn(f"{file} imports JSON", self.problems(targets, {file: f"// first\n{line}\n"}))

    def test_finds_long_files_of_every_kind(self):
        for name, head in [("a.swift", ""), ("b.py", ""), ("c.sh", ""), ("scripts/d", "#!/bin/sh\n")]:
            self.assertIn(f"{name} has 4", self.problems([], {name: head + "\n" * 401}))


if __name__ == "__main__":
    unittest.main()
