"""DATA_DIR belongs to the office's user alone."""

from pathlib import Path

from config.data_folder import close_to_others


def _modes(folder: Path) -> dict[str, int]:
    return {entry.name: entry.lstat().st_mode & 0o777 for entry in folder.iterdir()}


def test_what_an_older_version_left_open_is_closed_once(tmp_path: Path) -> None:
    folder, outside = tmp_path / "data", tmp_path / "outside"
    outside.touch(mode=0o644)
    outside.chmod(0o644)
    for name, mode in (("vault", 0o755), ("mail", 0o777)):
        (folder / name).mkdir(parents=True)
        (folder / name).chmod(mode)
    (folder / "office.sqlite3").touch()
    (folder / "office.sqlite3").chmod(0o644)
    (folder / "link").symlink_to(outside)
    folder.chmod(0o755)
    assert {path.name for path in close_to_others(folder)} == {"vault", "mail", "office.sqlite3"}
    found = _modes(folder)
    assert (found["vault"], found["mail"], found["office.sqlite3"]) == (0o700, 0o700, 0o600)
    assert outside.stat().st_mode & 0o777 == 0o644
    assert folder.stat().st_mode & 0o777 == 0o711  # passed through, never listed
    assert close_to_others(folder) == []


def test_a_folder_that_is_not_there_yet_is_made(tmp_path: Path) -> None:
    assert close_to_others(tmp_path / "new" / "data") == []
