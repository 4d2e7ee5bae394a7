"""What can be set for the graph and its server: by a file in TOML, by the environment, and by options.

An option wins over the environment, that over the file, and the file over the defaults. The names are the same
everywhere: `query_time` in the file is KG_QUERY_TIME in the environment, and `--query-time` as an option.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from kg.errors import UsageError
from kg.extract.llm import service
from kg.link import settings as linking
from server.config import SETTINGS, Setting, unknown

FILE = "newsgraph.toml"
"""Read from the current folder where no other file is named."""
TOKENS = "newsgraph.tokens"
"""Where in click's `meta` the tokens of the file are."""
LLM = "newsgraph.llm"
"""Where in it the table [llm] is."""
LINK = "newsgraph.link"
"""Where in it the table [link] is."""

TEXTS = {
    "store": "The folder of the graph, or the URL of a SPARQL server that holds it.",
    "base": "What the IRIs of a new graph begin with; a graph keeps the one that it was made with.",
    "host": "The address to listen on.",
    "token_file": "A file that holds the token which allows writing.",
}
"""The settings that are texts, beside those of the server."""
PORT = Setting("port", "The port to listen on.", "number", 8000, least=1)
_PATHS = {"store", "token_file"}
_NAMED = {setting.name: setting for setting in (PORT, *SETTINGS)}
KEYS = (*TEXTS, *_NAMED, "tokens", "llm", "link")
"""All that the file may hold."""
OTHERS = {
    "config": "The file with the settings.",
    "token": "A token that allows writing.",
    "debug": "Errors in full.",
    "store_user": "Who asks a store at a URL.",
    "store_password": "The password for it.",
    "store_token": "A bearer token in place of both.",
    "store_timeout": "How many seconds to wait for such a store.",
    "state": "The folder for what is remembered of such a store.",
    "text": "Whether `kg add` keeps whole texts: 1 or 0.",
    "llm_key": "The key of the service that the extractor `llm` asks.",
}
"""What only the environment sets."""

_TYPES: Mapping[str, Callable[[Setting], click.ParamType[Any]]] = {
    "number": lambda setting: click.IntRange(min=setting.least),
    "bytes": lambda setting: click.IntRange(min=setting.least),
    "seconds": lambda setting: click.FloatRange(min=setting.least),
    "choice": lambda setting: click.Choice(setting.choices),
    "file": lambda _: click.STRING,
    "address": lambda _: click.STRING,
    "addresses": lambda _: click.STRING,
}


def read(file: Path) -> dict[str, Any]:
    """The settings in a file; names of files are relative to its folder. Raises UsageError."""
    from kg.store import is_address

    try:
        with file.open("rb") as opened:
            found = tomllib.load(opened)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} is no TOML: {error}") from error
    for name, value in found.items():
        try:
            check(name, value)
        except UsageError as error:
            raise UsageError(f"{file}: {error}") from error
        is_path = name in _PATHS or (name in _NAMED and _NAMED[name].unit == "file" and value != "-")
        if is_path and not is_address(value):
            found[name] = str(file.parent / value)
    for title, table in (("llm", service), ("link", linking)):
        for name in table.PATHS & found.get(title, {}).keys():
            value = found[title][name]
            is_one = isinstance(value, str)
            paths = [str(file.parent / one) for one in ([value] if is_one else value)]
            found[title][name] = paths[0] if is_one else paths
    return found


def check(name: str, value: object) -> None:
    """Raises UsageError where there is no such setting, or it can't be `value`."""
    if name not in KEYS:
        raise UsageError(unknown(name, KEYS))
    if name in TEXTS and not (isinstance(value, str) and value):
        raise UsageError(f"{name} is {value!r}: it must be a text.")
    if name == "tokens" and not (
        isinstance(value, dict) and all(isinstance(one, str) and one for one in value.values())
    ):
        raise UsageError('tokens must be a table of names and the secret of each, such as [tokens] and editor = "…".')
    if name == "llm":
        service.check(value)
    if name == "link":
        linking.check(value)
    if name in _NAMED:
        _NAMED[name].check(value)


def check_environment(environment: Mapping[str, str]) -> None:
    """Raises UsageError where a variable begins with KG_ and sets nothing."""
    known = [variable(name) for name in (*KEYS, *OTHERS) if name not in ("tokens", "llm", "link")]
    known += [service.variable(name) for name in service.HELP] + [linking.variable(name) for name in linking.HELP]
    for name in sorted(environment):
        if name.startswith("KG_") and name not in known:
            raise UsageError(unknown(name, known, "variable"))


def variable(name: str) -> str:
    """The environment's name of a setting."""
    return f"KG_{name.upper()}"


def flag(name: str) -> str:
    """The option's name of a setting."""
    return f"--{name.replace('_', '-')}"


def apply(context: click.Context, _: click.Parameter, config: Path | None) -> None:
    """Have the settings of the file as the defaults of a command's options."""
    if config is None:
        config = Path(FILE)
        if not config.is_file():
            return
    found = read(config)
    context.meta[TOKENS] = found.pop("tokens", {})
    context.meta[LLM] = found.pop("llm", {})
    context.meta[LINK] = found.pop("link", {})
    wanted = {parameter.name for parameter in context.command.params}
    # `kg add` has its own --workers, which are others than the server's.
    if "queue" not in wanted:
        wanted = {"store", "base"}
    context.default_map = {name: value for name, value in found.items() if name in wanted}


def options(command: Callable[..., int]) -> Callable[..., int]:
    """An option for each setting of the server."""
    for setting in reversed(SETTINGS):
        command = click.option(
            flag(setting.name),
            type=_TYPES[setting.unit](setting),
            default=setting.default,
            multiple=setting.unit == "addresses",
            envvar=variable(setting.name),
            show_envvar=True,
            metavar=None if setting.choices else setting.unit.upper(),
            show_default=setting.default not in (None, ()),
            help=setting.help,
        )(command)
    return command
