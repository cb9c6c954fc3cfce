"""Runs command lines of the real client, one after the other, in one process: its start takes longer than its work.

Standard input: a JSON list of lists of arguments. Standard output: a JSON list of {status, output, error}.
"""

import contextlib
import io
import json
import sys

from odahuflow.cli.main import main


def run(arguments):
    sys.argv = ["odahuflowctl", *arguments]
    output, error = io.StringIO(), io.StringIO()
    status = 0
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(error):
        try:
            main()
        except SystemExit as exit:
            status = exit.code if isinstance(exit.code, int) else int(exit.code is not None)
    return {"status": status, "output": output.getvalue(), "error": error.getvalue()}


lines = json.load(sys.stdin)
results = [run(line) for line in lines]
json.dump(results, sys.stdout)
