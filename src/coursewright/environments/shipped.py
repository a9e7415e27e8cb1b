"""What tiers put where: the files of all of them, and those that would take another's place."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from coursewright.environments.tier import Tier
from coursewright.errors import Problem


@dataclass(frozen=True, eq=False)
class ShippedFile:
    """One file: the tier and the name in its `[files]`, where it goes, and where it is here."""

    tier: Tier
    name: str
    to: str
    source: Path
    override: bool

    @property
    def entry(self) -> tuple[str, str]:
        """What says so."""
        return self.tier.name, self.name


def shipped(tiers: Iterable[Tier]) -> Iterator[ShippedFile]:
    """Every file that tiers bring, those of their folders one by one, in the order in which images take them."""
    for tier in tiers:
        for name, file in tier.written.files.items():
            to, override = (file, False) if isinstance(file, str) else (file.to, file.override)
            source = (tier.folder / name).resolve()
            if not source.is_dir():
                yield ShippedFile(tier, name, to.rstrip("/"), source, override)
                continue
            for one in sorted(source.rglob("*")):
                inside = one.relative_to(source)
                if one.is_file() and not any(part.startswith(".") or part == "__pycache__" for part in inside.parts):
                    yield ShippedFile(tier, name, str(PurePosixPath(to, inside)), one, override)


def clashes(tiers: Iterable[Tier]) -> Iterator[Problem]:
    """Files that two tiers put into one place, or one tier twice: the later would win, and nobody be told."""
    first: dict[str, ShippedFile] = {}
    folders: dict[str, ShippedFile] = {}
    told = set()
    for one in shipped(tiers):
        above = [str(folder) for folder in PurePosixPath(one.to).parents]
        other = first.get(one.to) or folders.get(one.to) or next((first[each] for each in above if each in first), None)
        is_meant = one.override and first.get(one.to) is other and other is not None and other.tier is not one.tier
        if other and other.source != one.source and not is_meant and (pair := (other.entry, one.entry)) not in told:
            told.add(pair)
            yield _clash(other, one)
        first[one.to] = one
        folders |= dict.fromkeys(above, one)


def _clash(first: ShippedFile, later: ShippedFile) -> Problem:
    where = first.tier.place("files", first.name)
    message = f'the tier "{first.tier.name}" ({where}) brings {first.to}, and the tier "{later.tier.name}" {later.to}'
    if first.to == later.to:
        message = f'the tiers "{first.tier.name}" ({where}) and "{later.tier.name}" both bring {later.to}'
    hint = "give one of them another place, or leave it out"
    if first.to == later.to and first.tier is not later.tier:
        hint += "; where the later is meant, say `override = true` of that file"
    return Problem(message, later.tier.place("files", later.name), hint, "files")


def in_several(tiers: Iterable[Tier]) -> dict[str, dict[str, Path]]:
    """The folders into which more than one entry of `[files]` puts something: by their names, all that is in them."""
    everything = list(shipped(tiers))
    folders = {
        file.rstrip("/")
        for one in {id(each.tier): each.tier for each in everything}.values()
        for name, said in one.written.files.items()
        if (one.folder / name).is_dir()
        for file in [said if isinstance(said, str) else said.to]
    }
    found = {}
    for folder in sorted(folders):
        inside = [one for one in everything if one.to.startswith(f"{folder}/")]
        if len({one.entry for one in inside}) > 1:
            found[folder] = {one.to.removeprefix(f"{folder}/"): one.source for one in inside}
    return found


def linked(tiers: Iterable[Tier], to: Path) -> dict[str, str]:
    """Folders of links in the folder `to` for those into which several put something, by where they are in images."""
    return {folder: str(_links(to / folder.lstrip("/"), files)) for folder, files in in_several(tiers).items()}


def _links(made: Path, files: Mapping[str, Path]) -> Path:
    there = {str(one.relative_to(made)): one.readlink() for one in made.rglob("*") if one.is_symlink()}
    if there != dict(files):
        shutil.rmtree(made, ignore_errors=True)
        for name, source in files.items():
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            (made / name).symlink_to(source)
    return made
