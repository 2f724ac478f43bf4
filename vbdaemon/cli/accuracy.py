"""`vbdaemon accuracy`: how well documents are read and classified, on a corpus made for the purpose."""

import json
import os
from typing import Annotated

import typer

from vbdaemon.cli.site import quiet_pipe
from vbdaemon.errors import ConfigurationError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(accuracy)


def accuracy(
    documents: Annotated[int, typer.Option("--documents", min=1, help="How many documents are made and read.")] = 320,
    seed: Annotated[int | None, typer.Option("--seed", help="Other documents of the same layouts.")] = None,
    tuning: Annotated[bool, typer.Option("--tuning", help="The part that the rules were made on.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Make documents, read and classify them, and print what was right, per field and per kind."""
    from vbdaemon.demo.corpus import summary, table  # noqa: PLC0415 - the corpus is only needed here
    from vbdaemon.demo.corpus.corpus import SEEDS  # noqa: PLC0415
    from vbdaemon.demo.corpus.measuring import measured  # noqa: PLC0415
    from vbdaemon.demo.corpus.specimen import Split  # noqa: PLC0415
    from vbdaemon.reading.ocr import find_engine  # noqa: PLC0415

    if find_engine(os.environ, 1.0) is None:
        raise ConfigurationError("no OCR engine for Vietnamese; install tesseract-ocr and tesseract-ocr-vie")
    split = Split.TUNING if tuning else Split.FIGURE
    used = SEEDS[split] if seed is None else seed
    found = []
    with quiet_pipe():
        for one in measured(split, documents, seed=used, workers=len(os.sched_getaffinity(0))):
            found.append(one)
            if len(found) % 20 == 0:
                typer.echo(f"{len(found)} of {documents} documents read", err=True)
        if as_json:
            typer.echo(json.dumps(summary.summary(found, split, used), ensure_ascii=False))
            return
        typer.echo(
            f"{len(found)} documents, {split} split, seed {used} (rules were made on seed {SEEDS[Split.TUNING]})\n"
        )
        parts = (table.accuracy(found), table.calibration(found), table.aims(found), table.slowness(found))
        typer.echo("\n\n".join(parts))
        typer.echo(f"\nworst cases:\n{table.worst(found) or 'none'}")
