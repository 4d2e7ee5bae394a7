"""`kg completion`"""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

SHELLS = ("bash", "zsh", "fish")


@click.command("completion", short_help="Set up completion in the shell.")
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> None:
    """Print the script that makes SHELL complete commands, options and files.

    \b
    Example:
      echo 'eval "$(kg completion bash)"' >> ~/.bashrc
      echo 'eval "$(kg completion zsh)"' >> ~/.zshrc
      kg completion fish > ~/.config/fish/completions/kg.fish
    """
    from kg.cli import cli

    maker = get_completion_class(shell)
    assert maker is not None
    click.echo(maker(cli, {}, "kg", "_KG_COMPLETE").source())
