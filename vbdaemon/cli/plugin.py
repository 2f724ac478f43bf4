"""`vbdaemon plugin`: what is loaded, in which order; writing, trying and switching plugins."""

import typer

from vbdaemon.cli import plugin_diff, plugin_listing, plugin_new, plugin_switch, plugin_trial

app = typer.Typer(
    help="Plugins: what is loaded, in which order; new, test, enable, disable, diff.", no_args_is_help=True
)


@app.callback()
def plugins() -> None:
    """Plugins of this site."""


for commands in (plugin_listing, plugin_new, plugin_trial, plugin_switch, plugin_diff):
    commands.register(app)
