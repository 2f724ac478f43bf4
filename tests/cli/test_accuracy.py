"""`vbdaemon accuracy`: a table for people, one object for programs."""

import json

import pytest
import typer
from typer.testing import CliRunner

from vbdaemon.cli import accuracy
from vbdaemon.errors import ConfigurationError


@pytest.fixture
def run():
    app = typer.Typer()
    accuracy.register(app)

    def call(*words: str):
        return CliRunner().invoke(app, list(words), catch_exceptions=True)

    return call


@pytest.mark.slow
def test_the_command_prints_fields_kinds_aims_calibration_and_seeds(run):
    answer = run("--documents", "2", "--tuning", "--seed", "5")
    assert answer.exit_code == 0, answer.output
    for words in (
        "2 documents, tuning split, seed 5",
        "confidence",
        "symbol, scanned",
        "worst cases:",
        "median per file",
    ):
        assert words in answer.stdout


@pytest.mark.slow
def test_with_json_one_object_stands_on_stdout(run):
    answer = run("--documents", "1", "--json", "--seed", "5")
    value = json.loads(answer.stdout)
    assert (value["schema"], value["documents"], value["split"], value["seed"]) == (1, 1, "figure", 5)
    assert {row["field"] for row in value["fields"]} >= {"form", "channel", "symbol", "issuer", "subject", "secrecy"}
    assert {aim["aim"] for aim in value["aims"]} >= {0.97, 0.9}


def test_without_an_ocr_engine_one_line_says_what_to_install(run, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    answer = run("--documents", "1")
    assert isinstance(answer.exception, ConfigurationError)
    assert "tesseract-ocr-vie" in str(answer.exception)
