"""What README.md and CONTRIBUTING.md tell a reader to type, held against what there is."""

from __future__ import annotations

import importlib.util
import re
import shlex
from pathlib import Path

import click

from kurskdata.cli import main

ROOT = Path(__file__).resolve().parent.parent


def blocks(text: str, language: str) -> list[str]:
    """The contents of the code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)


def commands(text: str) -> list[str]:
    """Every command in a text: the lines of its shell blocks, and what stands between backticks and looks like one."""
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)
    lines = [line for block in blocks(text, "sh") for line in block.splitlines()]
    lines += re.findall(r"`((?:\.venv/bin/)?(?:make|kursk|python\s+-m|pytest)\s[^`]+)`", prose)
    return [" ".join(line.partition("  #")[0].split()) for line in lines]


def unknown(command: str) -> str:
    """What a command names that does not exist: a target, a subcommand, an option, a module, a file; empty if nothing."""
    name, *words = shlex.split(command.removeprefix(".venv/bin/"))
    if name == "make":
        targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M)
        return ", ".join(word for word in words if "=" not in word and word not in targets)
    if name == "kursk":
        return _unknown_to_click(main, words)
    if name == "python":
        assert words[0] == "-m"
        return "" if importlib.util.find_spec(words[1]) else words[1]
    if name == "pytest":
        files = [word.partition("::")[0] for word in words if word.startswith("tests")]
        return ", ".join(file for file in files if not (ROOT / file).exists())
    return command


def _unknown_to_click(command: click.Command, words: list[str]) -> str:
    while isinstance(command, click.Group):
        if not words or words[0] not in command.commands:
            return " ".join(words[:1]) or "no subcommand"
        command, words = command.commands[words[0]], words[1:]
    known = {name for option in command.params for name in option.opts} | {"--help", "-h"}
    return ", ".join(word for word in words if word.startswith("-") and word.partition("=")[0] not in known)
