"""The page `docs/reference/cli.md`, from the commands' own help: `python -m kg.cli.reference > docs/reference/cli.md`."""

from __future__ import annotations

import click

from kg.cli import COMMANDS, cli


def page() -> str:
    """The reference of the command line in Markdown: each command's help, as `--help` shows it."""
    top = click.Context(
        cli, info_name="kg", terminal_width=100, help_option_names=cli.context_settings["help_option_names"]
    )
    parts = ["# The command line", "", "Made by `scripts/reference` from the help of each command.", ""]
    parts += ["```text", top.get_help(), "```", ""]
    for name in COMMANDS:
        command = cli.get_command(top, name)
        assert command is not None
        parts += [f"## kg {name}", "", "```text"]
        parts += [click.Context(command, top, info_name=name, terminal_width=100).get_help(), "```", ""]
    return "\n".join(parts)


if __name__ == "__main__":
    click.echo(page(), nl=False)
