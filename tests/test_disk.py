"""Files are written whole or not at all, and results kept only as long as their files stay as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from kurskdata import disk
from kurskdata.errors import InputError


def test_text_is_written_as_it_is_and_folders_are_made(tmp_path: Path) -> None:
    path = tmp_path / "new" / "text.csv"
    disk.write(path, "Суджа\r\n2\n")
    assert path.read_bytes() == "Суджа\r\n2\n".encode()
    disk.write(path, b"\0")
    assert path.read_bytes() == b"\0"
    assert list(path.parent.iterdir()) == [path]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "text"
    disk.write(path, "old")

    def full(half: Path, content: bytes) -> None:
        with half.open("wb") as file:
            file.write(content[:1])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        disk.write(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_results_are_kept_until_a_file_changes(tmp_path: Path) -> None:
    path, calls = tmp_path / "numbers", []

    @disk.kept_until_changed(lambda _: [path])
    def total(factor: int) -> int:
        calls.append(factor)
        return factor * sum(map(int, path.read_text().split()))

    path.write_text("1 2")
    assert [total(2), total(2), total(3)] == [6, 6, 9]
    assert calls == [2, 3]
    path.write_text("1 2 3")
    assert total(2) == 12
    path.unlink()
    with pytest.raises(InputError, match="numbers: the file is missing"):
        total(2)
