"""The pages `cli.md`, from the commands' own help, and `settings.md`, from the settings: `scripts/reference`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import click

from kg.cli import COMMANDS, cli, settings
from kg.extract.llm import service
from kg.link import settings as linking
from server.config import SETTINGS, Setting

_SETTINGS = """\
# Settings

Made by `scripts/reference` from the settings themselves.

Each setting has one name. It is looked for in three places, and the first one wins:

1. as an option of the command: `kg serve --query-time 10`
2. in the environment: `KG_QUERY_TIME=10 kg serve`
3. in a file in TOML: `newsgraph.toml` in the current folder, or what `--config` or `KG_CONFIG` names

```toml
store = "/var/lib/newsgraph"
base = "https://news.example.org/"
query_time = 10
access_log = "-"

[tokens]
editor = "a long secret"
```

Names of files are relative to the folder of the file in which they stand. A name that is no setting, and a value that a
setting can't have, are errors that stop the command.

## The graph

| Setting | Default | What it is |
| --- | --- | --- |
"""


_LLM = """
## A language model

Under `[llm]` in the file; in the environment each begins with `KG_LLM_`, as in `KG_LLM_MODEL`. See
[Read with a language model](../how-to/read-with-a-language-model.md).

| Setting | Default | What it is |
| --- | --- | --- |
"""

_LINK = """
## Links

Under `[link]` in the file; in the environment each begins with `KG_LINK_`, as in `KG_LINK_INDEXES`, and lists have commas
between their parts. See [Link to your own register](../how-to/link-to-your-register.md).

| Setting | Default | What it is |
| --- | --- | --- |
"""


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
        context = click.Context(command, top, info_name=name, terminal_width=100)
        parts += [f"## kg {name}", "", "```text", context.get_help(), "```", ""]
        if isinstance(command, click.Group):
            for part, one in command.commands.items():
                inner = click.Context(one, context, info_name=part, terminal_width=100)
                parts += [f"### kg {name} {part}", "", "```text", inner.get_help(), "```", ""]
    return "\n".join(parts)


def settings_page() -> str:
    """The reference of the settings in Markdown."""
    return "".join(_settings_page())


def _settings_page() -> Iterator[str]:
    texts = settings.TEXTS
    yield _SETTINGS
    yield f"| `store` | `newsgraph` | {texts['store']} |\n"
    yield f"| `base` | `http://localhost:8000/` | {texts['base']} |\n"
    yield "\n## The server\n\n| Setting | Default | What it is |\n| --- | --- | --- |\n"
    yield f"| `host` | `127.0.0.1` | {texts['host']} |\n"
    yield _row(settings.PORT)
    yield f"| `token_file` | | {texts['token_file']} Its name in the audit log is `default`. |\n"
    yield "| `[tokens]` | | In the file only: the tokens that allow writing, by the names that go into the audit log. |\n"
    yield from map(_row, SETTINGS)
    yield "\nTimes are seconds, sizes are bytes. Limits are those of each process that answers HTTP.\n"
    for title, table in ((_LLM, service), (_LINK, linking)):
        yield title
        for name, help in table.HELP.items():
            yield f"| `{name}` | {_shown(table.DEFAULTS.get(name, ''))}| {help} |\n"
    yield "\n## In the environment only\n\n| Variable | What it is |\n| --- | --- |\n"
    for name, help in settings.OTHERS.items():
        yield f"| `{settings.variable(name)}` | {help} |\n"


def _shown(default: Any) -> str:
    if isinstance(default, tuple):
        return f"`{', '.join(default)}` "
    return f"`{default:g}` " if isinstance(default, float) else f"`{default}` " if default else ""


def _row(setting: Setting) -> str:
    default = (
        ""
        if setting.default in (None, ())
        else f"`{setting.default:_}` "
        if setting.unit == "bytes"
        else f"`{setting.default}` "
    )
    choices = f" One of {', '.join(f'`{choice}`' for choice in setting.choices)}." if setting.choices else ""
    unit = {"seconds": " Seconds.", "bytes": " Bytes."}.get(setting.unit, "")
    return f"| `{setting.name}` | {default}| {setting.help}{choices}{unit} |\n"


if __name__ == "__main__":
    click.echo({"cli": page, "settings": settings_page}[sys.argv[1]](), nl=False)
