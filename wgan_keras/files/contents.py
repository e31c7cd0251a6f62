"""What a folder may hold that is written to: nothing that somebody else put there is removed or overwritten."""

import dataclasses
import pathlib
from collections.abc import Collection, Iterable

_NAMED = 3  # files in a message at most


@dataclasses.dataclass(frozen=True)
class Contents:
    """The folder of one kind of thing, which is replaced as a whole.

    Fields:
        kind: the thing in words, as "a SavedModel".
        mark: the file by which such a folder is known.
        names: all files and folders that it may hold, `mark` too.
    """

    kind: str
    mark: str
    names: Collection[str]

    def check(self, path: pathlib.Path) -> None:
        """`path`, which need not be there, may be replaced: it is empty, or holds such a thing and nothing else.

        Raises:
            ValueError: it holds something else, or is where this process works, whose shell would be left nowhere.
        """
        if not path.exists():
            return
        held = {each.name for each in path.iterdir()} if path.is_dir() else {path.name}
        if held and not (path / self.mark).is_file():
            raise ValueError(f"{path} holds something else than {self.kind}; name a new folder.")
        if foreign := sorted(held.difference(self.names)):
            raise ValueError(
                f"{path} holds {', '.join(foreign)} beside {self.kind}; move that away, or name a new folder."
            )
        if pathlib.Path.cwd().is_relative_to(path.resolve()):
            raise ValueError(
                f"{path} is the folder that this command runs in, which would be replaced below it; name a new folder "
                "in it, or run this from outside."
            )


def refuse_taken(folder: pathlib.Path, patterns: Iterable[str], kind: str) -> None:
    """FileExistsError if a folder holds files in whose place `kind`, such as "a run", would write its own.

    Args:
        patterns: of those files, as `Path.glob` has them.
    """
    taken = sorted(path.relative_to(folder).as_posix() for pattern in patterns for path in folder.glob(pattern))
    if taken:
        raise FileExistsError(
            f"{folder} holds {', '.join(taken[:_NAMED])}, of something else, in whose place {kind} would write its "
            "own; choose another folder."
        )
