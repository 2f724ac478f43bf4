"""`vbdaemon register …`: the books of incoming and outgoing documents."""

import typer

from vbdaemon.cli import register_acts, register_looks, register_print

app = typer.Typer(help="The register of documents (sổ đăng ký văn bản đến, đi).", no_args_is_help=True)


@app.callback()
def books() -> None:
    """The books of this site."""


for commands in (register_looks, register_acts, register_print):
    commands.register(app)
