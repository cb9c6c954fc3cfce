#!/usr/bin/env python3
"""Trains a classifier on scikit-learn's own wine data set and writes it as an artifact to package.

    python train.py                                     # wine.zip, a GPPI archive
    python train.py --format mlflow --output model      # an MLflow model directory (model.zip: the same as an archive)
    python train.py --seed 2 --expected expected.json   # other weights; what the model itself predicts for 20 rows

The same arguments and the same versions give the same bytes.
"""

import argparse
import io
import json
import logging
import os
import shutil
import sys
import tempfile
import warnings
import zipfile
from importlib.metadata import version
from pathlib import Path

import joblib
from sklearn.datasets import load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split

NAME = "wine"
REQUIREMENTS = [f"{name}=={version(name)}" for name in ("joblib", "numpy", "pandas", "scikit-learn", "scipy")]
PYTHON = "3.11"
EPOCH = (1980, 1, 1, 0, 0, 0)

PROJECT = """\
binaries:
  type: python
  dependencies: conda
  conda_path: odahuflow_model/conda.yaml
model:
  name: {name}
  version: '{version}'
  workDir: odahuflow_model
  entrypoint: entrypoint
odahuflowVersion: '1.0'
toolchain:
  name: scikit-learn
  version: {sklearn}
"""

CONDA = """\
name: {name}
channels:
  - conda-forge
dependencies:
  - python={python}
  - pip
  - pip:
{requirements}
"""


def main():
    arguments = parsed_arguments()
    data = load_wine(as_frame=True)
    features, rest, target, _ = train_test_split(
        data.data, data.target, test_size=20, random_state=0, stratify=data.target
    )
    model = RandomForestClassifier(n_estimators=arguments.trees, random_state=arguments.seed).fit(features, target)
    if arguments.format == "gppi":
        write(arguments.output, gppi_files(model, arguments.model_version))
    else:
        with tempfile.TemporaryDirectory() as directory:
            write(arguments.output, mlflow_files(model, features, Path(directory) / "model"))
    print(f"{arguments.output}: {arguments.trees} trees, seed {arguments.seed}", file=sys.stderr)
    if arguments.expected:
        expected = {
            "columns": list(rest.columns),
            "data": rest.to_numpy().tolist(),
            "prediction": model.predict(rest).tolist(),
        }
        arguments.expected.write_text(json.dumps(expected) + "\n", encoding="utf-8")


def parsed_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--format", choices=("gppi", "mlflow"), default="gppi")
    parser.add_argument("--output", type=Path, help="an archive if it ends in .zip, else a directory")
    parser.add_argument("--model-version", default="1.0")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--trees", type=int, default=100)
    parser.add_argument("--expected", type=Path, metavar="FILE", help="write 20 rows and the model's predictions")
    arguments = parser.parse_args()
    arguments.output = arguments.output or Path("wine.zip" if arguments.format == "gppi" else "wine-mlflow.zip")
    return arguments


def gppi_files(model, model_version):
    """The files of a GPPI archive: the manifest, the module that predicts, its environment and its weights."""
    weights = io.BytesIO()
    joblib.dump(model, weights)
    requirements = "\n".join(f"      - {requirement}" for requirement in REQUIREMENTS)
    return {
        "odahuflow.project.yaml": PROJECT.format(
            name=NAME, version=model_version, sklearn=version("scikit-learn")
        ).encode(),
        "odahuflow_model/conda.yaml": CONDA.format(name=NAME, python=PYTHON, requirements=requirements).encode(),
        "odahuflow_model/entrypoint.py": Path(__file__).with_name("entrypoint.py").read_bytes(),
        "odahuflow_model/model.joblib": weights.getvalue(),
    }


def mlflow_files(model, features, directory):
    """The files of an MLflow model, written by MLflow itself, with its time and identifier fixed."""
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    import mlflow.sklearn
    import pandas
    from mlflow.models import Model, infer_signature

    # That pickles can run code and integers can have no gaps is known here.
    logging.getLogger("mlflow").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", module="mlflow")
    signature = infer_signature(features, pandas.DataFrame({"cultivar": model.predict(features)}))
    mlflow.sklearn.save_model(
        model,
        str(directory),
        conda_env={
            "name": NAME,
            "channels": ["conda-forge"],
            "dependencies": [
                f"python={PYTHON}",
                "pip",
                {"pip": [f"mlflow-skinny=={version('mlflow-skinny')}", f"cloudpickle=={version('cloudpickle')}"]
                 + REQUIREMENTS},
            ],
        },
        mlflow_model=Model(model_uuid="0" * 32, utc_time_created="1980-01-01 00:00:00"),
        signature=signature,
        serialization_format="cloudpickle",
    )
    files = (path for path in directory.rglob("*") if path.is_file())
    return {path.relative_to(directory).as_posix(): path.read_bytes() for path in files}


def write(output, files):
    """Writes files, by their relative paths, as a directory or as an archive without a trace of when and where."""
    output.parent.mkdir(parents=True, exist_ok=True)
    if output.suffix == ".zip":
        with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in sorted(files):
                entry = zipfile.ZipInfo(name, EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.create_system = 3
                entry.external_attr = 0o100644 << 16
                archive.writestr(entry, files[name])
        return
    if output.exists():
        shutil.rmtree(output)
    for name, content in files.items():
        (output / name).parent.mkdir(parents=True, exist_ok=True)
        (output / name).write_bytes(content)


if __name__ == "__main__":
    main()
