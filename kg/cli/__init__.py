"""The command line: `kg`, one module a command, each imported only when it is called.

A module here imports nothing but click at its top; what a command works with is imported in its function, so that
`kg --help` answers at once and no command pays for another.
"""

from __future__ import annotations

import importlib
import io
import sys
from collections.abc import Sequence

import click

from kg.cli import terminal
from kg.errors import NewsgraphError, UsageError

COMMANDS = (
    "add", "extract", "ask", "query", "search", "show", "load", "export", "serve", "forget", "decide", "index", "check", "backup", "restore",
    "optimize", "evaluate", "train", "completion",
)  # fmt: skip

DONE, FAILED, WRONG_USAGE, STOPPED = 0, 1, 2, 130
"""The exit codes: all done; some inputs failed, and the others are in; the call was wrong; stopped by Ctrl-C."""


class Commands(click.Group):
    """The commands, in the order in which one meets them; each is the `command` of the module of its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"kg.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            raise click.NoSuchCommand(error.command_name, possibilities=COMMANDS, ctx=ctx) from None


def show_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        click.echo(f"newsgraph {version('newsgraph')}")
        ctx.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=show_version, help="Which version."
)
def cli() -> None:
    """Read news articles into a knowledge graph in which every fact cites its sentence, and ask it.

    \b
    Example:
      kg add article.html
      kg show "Ada Lovelace"
      kg query 'SELECT ?person WHERE { ?person a ng:Person }'

    Exit codes: 0 done, 1 some inputs failed (named; the others are in), 2 wrong usage.
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `kg` with `arguments` (the process's own if None) and return its exit code.

    Whatever goes wrong is one line on standard error.
    """
    sys.excepthook = terminal.unexpected
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # names of files, and terminals that know few characters
    try:
        code = cli.main(arguments, prog_name="kg", standalone_mode=False)
        sys.stdout.flush()
        return int(code or DONE)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return WRONG_USAGE
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else "kg"
        terminal.print_error(f"{error.format_message()} See '{where} --help'.")
        return WRONG_USAGE
    except click.ClickException as error:
        terminal.print_error(error.format_message())
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        terminal.print_error("stopped")
        return STOPPED
    except UsageError as error:
        terminal.print_error(str(error))
        return WRONG_USAGE
    except BrokenPipeError:
        terminal.silence()
        return FAILED
    except NewsgraphError as error:
        terminal.print_error(str(error))
        return FAILED
    except OSError as error:
        terminal.print_error(f"{error.filename}: {error.strerror}" if error.filename else str(error))
        return FAILED
