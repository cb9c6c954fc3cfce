#!/usr/bin/env python3
"""Makes a Conda channel of hand-built packages: python, vinelib (with programs) and winelib (without architecture).

    make_channel.py DIRECTORY [--python INTERPRETER]     the real Python of that interpreter; else a few small files

The same arguments give the same bytes. Needs bzip2 and zstd.
"""

import argparse
import hashlib
import io
import json
import os
import subprocess
import tarfile
import zipfile
from pathlib import Path

# As long as conda-build makes it.
PLACEHOLDER = "/home/builder/feedstock_root/build_artifacts/_h_env_placehold_placehold_placehold_placehold_placehold"
LEFT_OUT = {"test", "idlelib", "tkinter", "ensurepip", "lib2to3", "turtledemo", "__pycache__", "site-packages",
            "dist-packages", "pydoc_data", "unittest", "distutils"}


class Package:
    def __init__(self, name, version, build, subdir, depends=(), **index):
        self.index = {
            "name": name, "version": version, "build": build, "build_number": 0, "subdir": subdir,
            "depends": list(depends), "license": "Apache-2.0", "timestamp": 1700000000000, **index,
        }
        self.members, self.paths, self.link = [], [], None

    def file(self, path, content, executable=False, mode=None, placeholder=PLACEHOLDER):
        self.members.append((path, "file", content, executable))
        row = {"_path": path, "path_type": "hardlink", "sha256": hashlib.sha256(content).hexdigest(),
               "size_in_bytes": len(content)}
        if mode:
            row |= {"file_mode": mode, "prefix_placeholder": placeholder}
        self.paths.append(row)

    def symlink(self, path, target):
        self.members.append((path, "symlink", target, False))
        self.paths.append({"_path": path, "path_type": "softlink"})

    def hardlink(self, path, target):
        self.members.append((path, "hardlink", target, False))
        self.paths.append({"_path": path, "path_type": "hardlink"})

    def information(self):
        files = {"index.json": self.index, "paths.json": {"paths": self.paths, "paths_version": 1}}
        if self.link:
            files["link.json"] = self.link
        return [(f"info/{name}", "file", json.dumps(content).encode(), False) for name, content in files.items()]

    def write(self, channel, form):
        directory = channel / self.index["subdir"]
        directory.mkdir(parents=True, exist_ok=True)
        stem = "{name}-{version}-{build}".format(**self.index)
        path = directory / (stem + form)
        if form == ".conda":
            with zipfile.ZipFile(path, "w") as archive:
                for name, content in [
                    ("metadata.json", json.dumps({"conda_pkg_format_version": 2}).encode()),
                    (f"pkg-{stem}.tar.zst", compress("zstd", tar(self.members))),
                    (f"info-{stem}.tar.zst", compress("zstd", tar(self.information()))),
                ]:
                    archive.writestr(zipfile.ZipInfo(name), content)
        else:
            path.write_bytes(compress("bzip2", tar(self.information() + self.members)))
        content = path.read_bytes()
        self.index["noarch"] = self.index.get("noarch")
        return path.name, {
            **{key: value for key, value in self.index.items() if value is not None}, "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(), "md5": hashlib.md5(content).hexdigest(),
        }


def tar(members):
    output = io.BytesIO()
    with tarfile.open(fileobj=output, mode="w") as archive:
        for path, kind, content, executable in members:
            member = tarfile.TarInfo(path)
            member.mode = 0o775 if executable else 0o664
            if kind == "file":
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
            else:
                member.type = tarfile.SYMTYPE if kind == "symlink" else tarfile.LNKTYPE
                member.linkname = content
                archive.addfile(member)
    return output.getvalue()


def compress(program, content):
    return subprocess.run([program, "-1", "--stdout", "-"] if program == "zstd" else [program, "-1", "--stdout"],
                          input=content, stdout=subprocess.PIPE, check=True).stdout


def python(subdir, interpreter):
    package = Package("python", "3.11.9", "h1_0_cpython", subdir, ["__glibc >=2.17"])
    package.symlink("bin/python", "python3.11")
    package.symlink("bin/python3", "python3.11")
    if interpreter is None:
        package.file("bin/python3.11", b"ELF\0" + PLACEHOLDER.encode() + b"/lib\0end", True, "binary")
        package.file("lib/python3.11/os.py", b"# the operating system\n")
        return package
    program = "import sys; print(sys.base_prefix); print(sys._base_executable)"
    prefix, executable = subprocess.check_output([interpreter, "-I", "-c", program], text=True).split()
    root = Path(prefix)

    def copy(path, content, executable=False):
        # A Python that was built for a prefix of its own finds its library there.
        mode = ("binary" if b"\0" in content else "text") if len(prefix) > 16 and prefix.encode() in content else None
        package.file(path, content, executable, mode, prefix)

    copy("bin/python3.11", Path(os.path.realpath(executable)).read_bytes(), True)
    for path in sorted((root / "lib/python3.11").rglob("*")):
        parts = set(path.relative_to(root).parts)
        if not path.is_file() or parts & LEFT_OUT or any(part.startswith("config-") for part in parts):
            continue
        copy(str(path.relative_to(root)), path.read_bytes())
    for library in sorted(root.glob("lib/libpython3.11.so*")):
        copy(str(library.relative_to(root)), library.read_bytes())
    # Debian's Python looks there.
    if prefix == "/usr":
        package.symlink("lib/python3.11/dist-packages", "site-packages")
    return package


def vinelib(subdir):
    package = Package("vinelib", "2.1", "h0_0", subdir, ["__glibc >=2.17"])
    package.file("bin/vine-config", f"#!{PLACEHOLDER}/bin/python\nprint('{PLACEHOLDER}/lib')\n".encode(), True, "text")
    library = b"\x7fELF\0" + f"{PLACEHOLDER}/lib:{PLACEHOLDER}/share".encode() + b"\0after\0"
    package.file("lib/libvine.so.2", library, True, "binary")
    package.symlink("lib/libvine.so", "libvine.so.2")
    package.file("share/vine/grapes.txt", b"merlot\n")
    package.hardlink("share/vine/same.txt", "share/vine/grapes.txt")
    package.file("bin/.vinelib-post-link.sh", b"#!/bin/sh\necho never\n", True)
    return package


def winelib():
    package = Package("winelib", "1.0", "pyh0_0", "noarch", ["python >=3.8", "vinelib >=2"], noarch="python")
    module = f"""
import os, sys

def classify(alcohol):
    with open(os.path.join(sys.base_prefix, "share", "vine", "grapes.txt")) as grapes:
        return 1 if alcohol > 12 and grapes.read() == "merlot\\n" else 0

def main():
    print(classify(float(sys.argv[1])))
"""
    package.file("site-packages/winelib/__init__.py", module.encode())
    package.file("site-packages/winelib-1.0.dist-info/METADATA",
                 b"Metadata-Version: 2.1\nName: winelib\nVersion: 1.0\n")
    package.file("python-scripts/wine-cellar", b"#!/bin/sh\necho cellar\n", True)
    package.link = {"noarch": {"type": "python", "entry_points": ["winelib = winelib:main"]},
                    "package_metadata_version": 1}
    return package


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("directory", type=Path)
    parser.add_argument("--python")
    parser.add_argument("--subdir", default="linux-64")
    arguments = parser.parse_args()
    made = {arguments.subdir: {}, "noarch": {}}
    for package, form in [
        (python(arguments.subdir, arguments.python), ".conda"),
        (vinelib(arguments.subdir), ".tar.bz2"),
        (winelib(), ".conda"),
    ]:
        name, row = package.write(arguments.directory, form)
        made[row["subdir"]][name] = row
    for subdir, rows in made.items():
        document = {
            "info": {"subdir": subdir}, "repodata_version": 1, "removed": [],
            "packages": {name: row for name, row in rows.items() if name.endswith(".tar.bz2")},
            "packages.conda": {name: row for name, row in rows.items() if name.endswith(".conda")},
        }
        path = arguments.directory / subdir / "repodata.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document))


if __name__ == "__main__":
    main()
