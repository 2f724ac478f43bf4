"""The commands of quarterly scoring (552/UBND), below `vbdaemon report`."""

import typer

from vbdaemon.cli import score_draw, score_result, score_review


def register(app: typer.Typer) -> None:
    """Add them."""
    for commands in (score_draw, score_review, score_result):
        commands.register(app)
