"""What a workbook is besides its cells: locked, with macros, of the other kind. Nothing of that is taken in."""

import io
import re

import xlrd
from xlrd.compdoc import CompDoc, CompDocError

from cchc.readers.request import Refusal

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of workbooks from before 2007, and of locked ones of any year
MACRO_PARTS = re.compile(r"vbaProject\.bin$|^xl/macrosheets/", re.IGNORECASE)
MACROS = "Tệp có macro, không được nhận. Đề nghị lưu lại thành .xlsx không có macro và gửi lại."
LOCKED = "Tệp có mật khẩu. Đề nghị bỏ mật khẩu, lưu lại và gửi lại."


def refuse_ole(content: bytes, kind: str) -> None:
    """Raises Refusal when an old workbook is locked, holds macros, or was declared as `kind` xlsx; anything else passes."""
    if not content.startswith(OLE):
        return
    names = _entries(content)
    if "EncryptedPackage" in names:
        raise Refusal("locked", LOCKED)
    if any(name.upper().startswith("_VBA_PROJECT") for name in names):
        raise Refusal("macros", MACROS)
    if kind == "xlsx":
        raise Refusal("other_format", "Tệp là XLS (Excel 97-2003), không phải XLSX. Đề nghị lưu lại thành .xlsx hoặc khai báo `kind: xls`.")


def refuse_macros(parts: list[str]) -> None:
    """Raises Refusal when a workbook's archive holds macros."""
    if any(MACRO_PARTS.search(part) for part in parts):
        raise Refusal("macros", MACROS)


def _entries(content: bytes) -> list[str]:
    try:
        return [entry.name for entry in CompDoc(content, logfile=io.StringIO()).dirlist]
    except (CompDocError, xlrd.XLRDError, AssertionError, LookupError, ValueError, OverflowError):
        return []  # damaged: the reader says so
