"""The installed wheel works with no checkout beside it."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

import vbdaemon

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]

CHECKOUT = Path(vbdaemon.__file__).parents[1]
SOURCES = ("vbdaemon", "pyproject.toml", "README.md", "LICENSE")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Built from a copy of the sources: building leaves things behind."""
    copy = tmp_path_factory.mktemp("sources")
    for name in SOURCES:
        source = CHECKOUT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.exists():
            shutil.copy(source, copy)
    words = ("-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir")
    built = subprocess.run(
        (sys.executable, *words, str(copy / "dist"), str(copy)), capture_output=True, check=False, text=True
    )
    assert built.returncode == 0, built.stderr
    (made,) = (copy / "dist").glob("*.whl")
    return made


@pytest.fixture(scope="module")
def program(wheel, tmp_path_factory):
    """A new environment with the wheel; libraries are those of this one, without its editable install."""
    home = tmp_path_factory.mktemp("venv")
    venv.create(home, with_pip=False, symlinks=True)
    own = Path(sysconfig.get_path("purelib", vars={"base": str(home), "platbase": str(home)}))
    words = ("-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(own), str(wheel))
    done = subprocess.run((sys.executable, *words), capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr
    # As an argument of addsitedir's kind, .pth files of the other place would be obeyed: a plain path is not.
    (own / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    return home / "bin" / "python"


def run(program, *words, cwd):
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VBDAEMON_CONFIG")}
    return subprocess.run(
        (str(program), "-m", "vbdaemon", *words),
        cwd=cwd,
        capture_output=True,
        check=False,
        text=True,
        env=environment,
        timeout=120,
    )


def test_the_wheel_is_what_runs_and_not_the_checkout(program, tmp_path):
    asked = subprocess.run(
        (str(program), "-c", "import vbdaemon; print(vbdaemon.__file__)"),
        cwd=tmp_path,
        capture_output=True,
        check=True,
        text=True,
    )
    assert not Path(asked.stdout.strip()).is_relative_to(CHECKOUT)


def test_a_new_site_is_written_and_found_good(program, tmp_path):
    done = run(program, "init", "coquan", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "coquan" / "config" / "vbdaemon.toml").exists()
    checked = run(program, "--config", "coquan/config/vbdaemon.toml", "check", "--json", cwd=tmp_path)
    assert "Traceback" not in checked.stderr
    assert json.loads(checked.stdout)


def test_documents_are_inspected(program, papers, tmp_path):
    file = papers("letter")[0]
    (tmp_path / file.name).write_bytes(file.body)
    done = run(program, "inspect", file.name, "--json", cwd=tmp_path)
    assert "Traceback" not in done.stderr
    element = json.loads(done.stdout)[0]
    assert element["documents"][0]["classification"]["form"] == "cong-van"
    assert element["documents"][0]["signatures"][1]["signer"] == "Phòng Nội vụ huyện Sông Lam"


def test_a_dropped_document_goes_its_way(program, station, papers, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(program))
    monkeypatch.delenv("PYTHONPATH", raising=False)
    station.start(cwd=station.folder)
    station.drop("phong-noi-vu/gui", "cv.pdf", papers("letter")[0].body)
    station.drop("phong-giao-duc/gui", "tb.pdf", papers("unsigned")[0].body)
    station.settled(2)
    assert len(list(station.exchange.glob("*/nhan/*"))) == 3
    assert list((station.exchange / "phong-giao-duc" / "ket-qua").glob("*.html"))
    assert station.stop() == 0
