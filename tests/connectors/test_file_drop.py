"""The drop folder: whole files under the inbox, and nothing else."""

import os
from datetime import datetime
from pathlib import Path

import pytest

from cchc.clock import ZONE
from cchc.connectors.file_drop import is_being_written, looked, offered
from cchc.connectors.sources import FileDrop

LATER = datetime(2090, 1, 1, tzinfo=ZONE)


def names(inbox: Path, glob: str = "so-mot/**/*") -> list[str]:
    return [offer.name for offer in offered(FileDrop(kind="file_drop", glob=glob), inbox, LATER)]


@pytest.mark.parametrize("unfinished", ["a.csv.part", ".a.csv", "~$a.xlsx", "a.csv.filepart", "a.crdownload", "a.TMP"])
def test_an_upload_under_way_is_left_alone_until_it_has_its_name(tmp_path: Path, unfinished: str) -> None:
    (tmp_path / "so-mot").mkdir()
    (tmp_path / "so-mot" / unfinished).write_text("half")
    assert names(tmp_path) == []
    (tmp_path / "so-mot" / unfinished).rename(tmp_path / "so-mot/a.csv")
    assert names(tmp_path) == ["so-mot/a.csv"]


def test_a_file_that_somebody_writes_is_told_until_it_is_closed(tmp_path: Path) -> None:
    with (tmp_path / "a.csv").open("w") as upload:
        upload.write("half")
        upload.flush()
        assert is_being_written(tmp_path / "a.csv")
    assert not is_being_written(tmp_path / "a.csv")


def test_links_bring_nothing_in_from_elsewhere(tmp_path: Path) -> None:
    inbox, outside = tmp_path / "inbox", tmp_path / "outside"
    (inbox / "so-mot").mkdir(parents=True)
    outside.mkdir()
    (outside / "secret.csv").write_text("x")
    (inbox / "so-mot/file.csv").symlink_to(outside / "secret.csv")
    (inbox / "so-mot/folder").symlink_to(outside, target_is_directory=True)
    (inbox / "so-mot/gone.csv").symlink_to(outside / "gone.csv")
    (inbox / "so-mot/good.csv").write_text("x")
    assert names(inbox, "so-mot/*.csv") == ["so-mot/good.csv"]
    assert names(inbox, "so-mot/*/*") == []
    left = looked(FileDrop(kind="file_drop", glob="so-mot/**/*.csv"), inbox, LATER).left
    assert [line.split(" ")[0] for line in left] == ["'so-mot/file.csv'", "'so-mot/gone.csv'"]


def test_a_name_that_no_database_holds_or_lacks_its_stamp_leaves_the_others_alone(tmp_path: Path) -> None:
    for name in (b"a\x01.csv", b"\xff.csv", b"no-stamp.csv", b"2013-01-31.csv"):
        (tmp_path / os.fsdecode(name)).write_text("x")
    found = looked(FileDrop(kind="file_drop", glob="*.csv", arrived=r"(\d{4}-\d{2}-\d{2})"), tmp_path, LATER)
    assert [offer.name for offer in found.offers] == ["2013-01-31.csv"]
    assert len(found.left) == 3
    assert "".join(found.left).isprintable()


def test_an_inbox_that_is_itself_reached_by_a_link_is_read(tmp_path: Path) -> None:
    (tmp_path / "real/so-mot").mkdir(parents=True)
    (tmp_path / "real/so-mot/a.csv").write_text("x")
    (tmp_path / "inbox").symlink_to(tmp_path / "real", target_is_directory=True)
    assert names(tmp_path / "inbox") == ["so-mot/a.csv"]
