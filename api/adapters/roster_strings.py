"""The texts of an XLSX, packed: a sheet of Excel's has every name once, in a table that openpyxl would hold as a list.

A list costs some 80 bytes a text, the packed table little more than the text itself, so that a roster of 40,000 people
is read in the memory of one of 5,000. Nothing is put on the disk: it would be names and ID numbers.
"""

from array import array
from collections.abc import Sequence
from typing import IO, Any, overload
from xml.etree.ElementTree import iterparse


class PackedTexts(Sequence[str]):
    """Texts by number, kept as UTF-8 one behind the other."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("Q", [0])

    def add(self, text: str) -> None:
        """Put a text at the end."""
        self._bytes += text.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._bytes))

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...
    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        if not 0 <= place < len(self):
            raise IndexError(place)
        return self._bytes[self._ends[place] : self._ends[place + 1]].decode("utf-8", "surrogatepass")


def read_texts(file: IO[bytes]) -> PackedTexts:
    """Read a table of shared strings, letting go of each element once it is read."""
    from openpyxl.cell.text import Text  # type: ignore[import-untyped] # what we read of it is text
    from openpyxl.xml.constants import SHEET_MAIN_NS  # type: ignore[import-untyped] # as above

    texts = PackedTexts()
    root: Any = None
    for event, node in iterparse(file, events=("start", "end")):  # noqa: S314 (expat refuses entities that explode)
        if event == "start":
            root = node if root is None else root
        elif node.tag == f"{{{SHEET_MAIN_NS}}}si":
            texts.add(Text.from_tree(node).content.replace("x005F_", ""))
            root.clear()
    return texts


def open_book(file: IO[bytes]) -> Any:
    """Open a workbook to be read line by line, formulas as what they last came to. Closing the file is the caller's.

    Raises KeyError, ValueError, OSError, SyntaxError (the XML's) or BadZipFile where it is none.
    """
    from openpyxl.packaging.manifest import Manifest  # type: ignore[import-untyped] # named for its find alone
    from openpyxl.reader.excel import ExcelReader  # type: ignore[import-untyped] # as above
    from openpyxl.xml.constants import SHARED_STRINGS

    class Reader(ExcelReader):  # type: ignore[misc] # untyped
        package: Manifest

        def read_strings(self) -> None:
            part = self.package.find(SHARED_STRINGS)
            if part is not None:
                with self.archive.open(part.PartName[1:]) as texts:
                    self.shared_strings = read_texts(texts)

    reader = Reader(file, read_only=True, data_only=True, keep_links=False)
    reader.read()
    return reader.wb
