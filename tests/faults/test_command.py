"""`giliran faults` on the command line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app import cli_faults
from app.cli import app as command_line
from tests.faults.processes import ROOT
from tests.faults.tally import Tally


def test_faults_without_a_checkout_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(cli_faults, "CHECKOUT", tmp_path)
    result = CliRunner().invoke(command_line, ["faults"])
    assert (result.exit_code, "checkout" in result.output) == (2, True)


def test_faults_refuses_a_folder_of_another_seed(tmp_path: Path) -> None:
    Tally(7).save(tmp_path / "tally.json")
    words = [sys.executable, "-m", "tests.faults", "--seed", "8", "--folder", str(tmp_path)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert (done.returncode, "seed 7" in done.stderr) == (2, True)
