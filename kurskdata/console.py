"""What the command line prints and writes, whatever the code page of the console."""

from __future__ import annotations

import codecs
import io
import sys
from pathlib import Path

import click

from kurskdata import disk
from kurskdata.errors import InputError

_PLAIN = str.maketrans("−–—‑’‘“”„«»×\u00a0\u202f\u2009", '----\'\'"""""x   ') | {
    ord("→"): "->",
    ord("÷"): "/",
}


def _plain(fault: UnicodeError) -> tuple[str, int]:
    """What a console shows for characters that its code page lacks: a minus stays a minus, others become "?"."""
    assert isinstance(fault, UnicodeEncodeError)
    lacking = fault.object[fault.start : fault.end].translate(_PLAIN)
    return "".join(c if c.isascii() else "?" for c in lacking), fault.end


def show_all() -> None:
    """From now on characters that the console's code page lacks are replaced: they end no command."""
    codecs.register_error("plain", _plain)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="plain")


def hand_over(text: str, out: Path | None) -> None:
    """Prints a text for programs, in UTF-8 whatever the console's code page, or writes it to a file and names it.

    Raises InputError where the file cannot be written.
    """
    if out is None:
        click.echo(text.encode(), nl=False)
        return
    try:
        disk.write(out, text)
    except OSError as fault:
        raise InputError(f"{out}: cannot be written ({fault.strerror})") from None
    click.echo(out)
