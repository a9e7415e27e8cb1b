"""Packages from repositories of others and from channels of conda, and passwords in files."""

from __future__ import annotations

import json
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from coursewright.environments import read_environment
from coursewright.environments.images import lock
from coursewright.environments.images.openpgp import fingerprints
from coursewright.environments.runtime import kernels, sbom, start
from coursewright.environments.runtime.program import ServiceProgram, configuration_of
from coursewright.environments.services.programs import by_conda
from coursewright.environments.targets import packages
from coursewright.environments.targets.containerfile import Labels, recipe, write
from coursewright.environments.written import PackageRepository
from coursewright.errors import CoursewrightError, MissingPart

# Made for this test, and thrown away: `gpg --quick-gen-key "Test ed25519 <a@example.org>" ed25519 sign never`
KEY = """\
-----BEGIN PGP PUBLIC KEY BLOCK-----

mDMEaw1d9xYJKwYBBAHaRw8BAQdAnHPPzRKGw1boqG9vtgRuD0qTyXiakdgs8ikw
OPDnUsK0HFRlc3QgZWQyNTUxOSA8YUBleGFtcGxlLm9yZz6IkAQTFggAOBYhBBH8
J/Xpwx1BS54HdYocxEmoRcLqBQJrDV33AhsDBQsJCAcCBhUKCQgLAgQWAgMBAh4B
AheAAAoJEIocxEmoRcLqNuwA/RBFOnj7sosqnyAv4EUAuK1239LR8stFJnjzTgYO
YAh1AQDbTc7JeVuHBMfvSRnMCaM1cmRUA/exnKlRJ7xtZtxvCw==
=rOD+
-----END PGP PUBLIC KEY BLOCK-----
"""
FINGERPRINT = "11FC27F5E9C31D414B9E07758A1CC449A845C2EA"
OTHER = "8452142F9AAF0206A1D7340431F0F01D1187E825"
REPOSITORY = """\
tier.name = "m"
packages.apt = ["mongod"]

[repositories.org]
uri = "https://repo.example.org/apt"
suite = "bookworm/8.0"
key = "org.asc"
fingerprint = "11FC 27F5 E9C3 1D41 4B9E  0775 8a1c c449 a845 c2ea"
"""


def tiers(root: Path, *texts: str, **files: str) -> Path:
    """A course of these tiers, the first of which has the files."""
    for number, text in enumerate(texts):
        folder = root / f"environment/{number}0-t"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "tier.toml").write_text(text)
    for name, content in {"org.asc": KEY, **files}.items():
        (root / "environment/00-t" / name).write_text(content)
    return root


def said(root: Path) -> list[str]:
    with pytest.raises(CoursewrightError) as caught:
        read_environment(root)
    return [f"{one.where.line}: {one.message}; {one.hint}" for one in caught.value.problems if one.where]


def texts_of(root: Path, **more: object) -> dict[str, str]:
    tiers_of = read_environment(root).tiers
    return recipe(tiers_of, base="debian", stub="s", course=root, labels=Labels("T"), **more).texts


def scripts(text: str) -> list[str]:
    return [json.loads(line.removeprefix("RUN "))[-1] for line in text.splitlines() if line.startswith("RUN ")]


@pytest.mark.skipif(not shutil.which("gpg"), reason="apt-get install gpg")
def test_fingerprints_are_those_that_gnupg_finds(tmp_path: Path) -> None:
    gpg = ["gpg", "--homedir", str(tmp_path), "--batch", "--quiet"]
    for kind in ("rsa2048", "nistp256"):
        subprocess.run([*gpg, "--passphrase", "", "--quick-gen-key", kind, kind, "sign", "1y"], check=True)
    listed = subprocess.run([*gpg, "--list-keys", "--with-colons"], capture_output=True, text=True, check=True).stdout
    wanted = re.findall(r"^pub:.*\n(?:.*\n)*?fpr:+([0-9A-F]+):", listed, re.MULTILINE)
    for armour in ([], ["--armor"]):
        data = subprocess.run([*gpg, *armour, "--export"], capture_output=True, check=True).stdout
        assert fingerprints(data) == wanted
    subprocess.run([str(shutil.which("gpgconf")), "--homedir", str(tmp_path), "--kill", "all"], check=False)
    assert fingerprints(KEY.replace("\n", "\r\n").encode()) == [FINGERPRINT]


@pytest.mark.parametrize("data", [b"", b"<html>", b"\x99", KEY[:200].encode(), b"-----BEGIN PGP", b"\xc6\xff\xff\xff"])
def test_what_is_no_key_has_no_fingerprint(data: bytes) -> None:
    try:
        assert fingerprints(data) == []
    except ValueError as error:
        assert "key" in str(error)  # noqa: PT017 - either is right


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("11FC 27F5", "8452 27F5", f'8: the key in "org.asc" has another fingerprint: {FINGERPRINT}; compare it with'),
        (
            "11FC 27F5",
            "XXXX 27F5",
            '8: "XXXX 27F5 E9C3 1D41 4B9E  0775 8a1c c449 a845 c2ea" is no fingerprint; 40 hexa',
        ),
        ("org.asc", "og.asc", '7: no file "og.asc" in the tier "m"; did you mean "org.asc"? Available: junk, org.asc'),
        ("org.asc", "junk", '7: "junk" is no key: it holds no OpenPGP key; save the key as its maker publishes it'),
        ("org.asc", "../../course.toml", '7: no file "../../course.toml" in the tier "m"; Available: junk, org.asc'),
        ("org.asc", "https://me:pw@x/k", '7: "https://me:pw@x/k" is no address of a key; https://…, without a name'),
        ("https://repo", "ftp://repo", '5: "ftp://repo.example.org/apt" is no address of a repository; https://…'),
        ("bookworm/8.0", "book worm", '6: "book worm" is no word of a list of sources; for instance main'),
        ("bookworm/8.0", "./", '6: "./" is no word of a list of sources; for instance main'),
        ("bookworm/8.0", "flat/", '6: the suite "flat/" and its components do not fit; a suite that ends with "/"'),
        ("fingerprint =", "fingerprnt =", '8: unknown key "fingerprnt"; did you mean "fingerprint"?'),
        ("[repositories.org]", "[repositories.Org]", '4: "Org" cannot be a name; small letters, digits and hyphens'),
    ],
)
def test_a_repository_that_cannot_be_one_is_told(tmp_path: Path, old: str, new: str, message: str) -> None:
    found = said(tiers(tmp_path, REPOSITORY.replace(old, new, 1), junk="junk"))
    assert found[0].startswith(message)


def test_a_repository_in_a_recipe(tmp_path: Path) -> None:
    root = tiers(tmp_path / "course", REPOSITORY)
    made = texts_of(root)["Containerfile"]
    assert 'COPY ["tiers/01-m/keys/org", "/usr/lib/coursewright/keys/org"]\n' in made
    first, second, _ = scripts(made)
    assert first.startswith("export DEBIAN_FRONTEND=noninteractive; apt-get update && apt-get install -y")
    assert f"--export {FINGERPRINT} > /usr/share/keyrings/org.gpg; [ -s /usr/share/keyrings/org.gpg ]" in first
    assert "'Signed-By: /usr/share/keyrings/org.gpg' > /etc/apt/sources.list.d/org.sources" in first
    assert "install -y --no-install-recommends mongod " in second
    write(recipe(read_environment(root).tiers, base="d", stub="s", course=root, labels=Labels("T")), tmp_path / "made")
    assert (tmp_path / "made/tiers/01-m/keys/org").read_text() == KEY


@pytest.mark.skipif(not shutil.which("gpg"), reason="apt-get install gpg")
@pytest.mark.parametrize(("fingerprint", "is_right"), [(FINGERPRINT, True), (OTHER, False)])
def test_the_key_of_a_repository_is_picked_by_its_fingerprint(tmp_path: Path, fingerprint: str, is_right: bool) -> None:
    (tmp_path / "key").write_text(KEY)
    repository = PackageRepository("https://r.example/", "flat/", "key", fingerprint, ())
    script = packages.repository("org", repository, str(tmp_path / "key"))
    own = script.partition("; keys=")[2].replace("/usr/share/keyrings", str(tmp_path))  # apt is not asked here
    command = f"set -eo pipefail; keys={own.replace('/etc/apt/sources.list.d', str(tmp_path))}"
    ran = subprocess.run(["/bin/bash", "-c", command], capture_output=True, text=True, check=False)
    assert (ran.returncode == 0) == is_right, ran.stderr
    if is_right:
        assert fingerprints((tmp_path / "org.gpg").read_bytes()) == [FINGERPRINT]
        lines = (tmp_path / "org.sources").read_text().splitlines()
        assert lines == ["Types: deb", "URIs: https://r.example/", "Suites: flat/", f"Signed-By: {tmp_path}/org.gpg"]
    else:
        assert f"the key of the repository org does not have the fingerprint {OTHER}" in ran.stderr
        assert not (tmp_path / "org.sources").exists()


CONDA = 'tier.name = "m"\n\npackages.conda = ["r-base=4.4", "r-tidyverse"]\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{CONDA}conda.channels = []\n", "4: no channel; for instance: channels = "),
        (f'{CONDA}conda.channels = ["a b"]\n', '4: "a b" is no channel; for instance conda-forge'),
        (
            f'{CONDA}conda.chanels = ["x"]\n',
            '4: unknown key "chanels"; did you mean "channels"? Available: channels, mic',
        ),
        (
            f'{CONDA}conda.micromamba = "a b"\n',
            '4: "a b" is no image; for instance docker.io/mambaorg/micromamba:2.5.0',
        ),
        (CONDA.replace("r-base=4.4", "R base"), '3: "R base" is no package of conda; a name, and perhaps a version'),
        (CONDA.replace("r-base=4.4", "--file=x"), '3: "--file=x" is no package; name packages alone'),
        ('tier.name = "m"\n\nconda.channels = ["x"]\n', "3: [conda] is said, and no package is asked of it; say which"),
    ],
)
def test_what_conda_cannot_be_asked_is_told(tmp_path: Path, text: str, message: str) -> None:
    assert said(tiers(tmp_path, text))[0].startswith(message)


def test_conda_in_a_recipe(tmp_path: Path) -> None:
    above = 'tier.name = "n"\npackages.conda = ["gdal"]\nconda.channels = ["bioconda", "conda-forge"]\n'
    made = texts_of(tiers(tmp_path, CONDA, above))["Containerfile"]
    assert 'COPY --from=docker.io/mambaorg/micromamba:2.5.0 ["/bin/micromamba", "/usr/local/bin/micromamba"]\n' in made
    first, second, _ = scripts(made)
    asked = "--yes --prefix /opt/coursewright/conda --override-channels --channel=conda-forge r-base=4.4 r-tidyverse &&"
    assert asked in first
    assert "--override-channels --channel=bioconda --channel=conda-forge gdal &&" in second
    assert 'ENV PATH="/opt/coursewright/venv/bin:/opt/coursewright/conda/bin:${PATH}"\n' in made
    pins = {"m": {lock.CONDA: "# for …\n@EXPLICIT\n"}}
    locked = texts_of(tmp_path, pins=pins)
    assert locked["tiers/01-m/conda.txt"] == pins["m"][lock.CONDA]
    assert (
        "--prefix /opt/coursewright/conda --file /usr/lib/coursewright/requirements/m.conda.txt"
        in (scripts(locked["Containerfile"])[0])
    )
    hadolint = shutil.which("hadolint", path=Path(sys.executable).parent)
    if hadolint:
        (tmp_path / "Containerfile").write_text(made)
        ran = subprocess.run(
            [hadolint, "--no-color", tmp_path / "Containerfile"], capture_output=True, text=True, check=False
        )
        assert (ran.stdout, ran.returncode) == ("", 0)


# What micromamba answers, as its maintainers show it in mamba-org/mamba#2346.
ANSWERS = """\
#!/bin/sh
echo "$@" >> "$(dirname "$0")/asked"
case "$*" in *nothing*) echo "error    libmamba Could not solve for environment specs" >&2; exit 1;; esac
cat <<'END'
{"actions": {"FETCH": [
 {"name": "r-base", "version": "4.4.1", "build": "h1_0", "build_string": "h1_0", "md5": "d7c8", "sha256": "fe51",
  "url": "https://conda.anaconda.org/conda-forge/linux-64/r-base-4.4.1-h1_0.conda"},
 {"name": "_libgcc_mutex", "version": "0.1", "build": "conda_forge", "md5": "7fba",
  "url": "https://conda.anaconda.org/conda-forge/linux-64/_libgcc_mutex-0.1-conda_forge.tar.bz2"}]}, "success": true}
END
"""


def test_versions_of_conda_are_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bin_, root = tmp_path / "bin", tiers(tmp_path / "course", CONDA, 'tier.name = "n"\npackages.conda = ["gdal"]\n')
    bin_.mkdir()
    monkeypatch.setenv("PATH", f"{bin_}:/usr/bin:/bin")
    of = read_environment(root).tiers
    with pytest.raises(MissingPart, match="versions of conda are resolved by micromamba, which is not installed"):
        lock.lock(of, root, "3.11", lambda *_: None)
    assert not (root / lock.FOLDER).exists()
    (bin_ / "micromamba").write_text(ANSWERS)
    (bin_ / "micromamba").chmod(0o755)
    files = lock.lock(of, root, "3.11", lambda *_: None)
    assert [file.name for file in files] == ["m.conda.txt", "n.conda.txt"]
    assert files[0].read_text().splitlines() == [
        "# for conda-forge: r-base=4.4 r-tidyverse", "# platform: linux-64", "@EXPLICIT",
        "https://conda.anaconda.org/conda-forge/linux-64/_libgcc_mutex-0.1-conda_forge.tar.bz2#7fba",
        "https://conda.anaconda.org/conda-forge/linux-64/r-base-4.4.1-h1_0.conda#d7c8",
    ]  # fmt: skip
    first, second = (bin_ / "asked").read_text().splitlines()
    assert first.endswith("--platform linux-64 --override-channels --channel=conda-forge r-base=4.4 r-tidyverse")
    assert second.endswith("--channel=conda-forge _libgcc_mutex=0.1=conda_forge r-base=4.4.1=h1_0 gdal")
    assert set(lock.read(of, root)) == {"m", "n"}
    tiers(root, CONDA.replace("4.4", "4.5"), CONDA.replace('"m"', '"n"') + 'conda.channels = ["x"]\n')
    with pytest.raises(CoursewrightError) as caught:
        lock.read(read_environment(root).tiers, root)
    asks = "asks for other packages than when the versions were locked"
    assert [one.message for one in caught.value.problems] == [f'the tier "{name}" {asks}' for name in "mn"]
    tiers(root, CONDA.replace("r-base=4.4", "nothing"))
    with pytest.raises(CoursewrightError, match='tier "m" cannot be resolved; micromamba said:\n    error    libmamba'):
        lock.lock(read_environment(root).tiers, root, "3.11", lambda *_: None)


def test_what_is_missing_of_conda_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = read_environment(tiers(tmp_path, CONDA, 'tier.name = "n"\npackages.conda = ["c::gdal>=3,<4"]\n'))
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    ours, how = tmp_path / "a b", "--override-channels --channel=conda-forge"
    first, second, third = by_conda(environment, ours)
    assert first == f"micromamba create --prefix '{ours}' {how} r-base=4.4 r-tidyverse"
    assert second == f"micromamba install --prefix '{ours}' {how} 'c::gdal>=3,<4'"
    assert third.startswith("micromamba is not installed, either: https://")
    (ours / "conda-meta").mkdir(parents=True)
    for name in ("r-base-4.4.1-h1_0", "gdal-3.9.0-py312_1"):
        (ours / f"conda-meta/{name}.json").write_text("{}")
    assert next(by_conda(environment, ours)) == f"micromamba install --prefix '{ours}' {how} r-tidyverse"
    (ours / "conda-meta/r-tidyverse-2.0-r44_1.json").write_text("{}")
    assert list(by_conda(environment, ours)) == []


def test_kernels_and_packages_of_conda_are_seen(tmp_path: Path) -> None:
    conda = tmp_path / "opt/coursewright/conda"
    (conda / "bin").mkdir(parents=True)
    (conda / "bin/R").touch()
    for name, program in (("ir", "R"), ("python3", "/opt/coursewright/conda/bin/python"), ("bash", "bash")):
        (conda / "share/jupyter/kernels" / name).mkdir(parents=True)
        said = {"argv": [program, "-x"], "display_name": name, "language": "l"}
        (conda / "share/jupyter/kernels" / name / "kernel.json").write_text(json.dumps(said))
    (conda / "share/jupyter/kernels/ir/logo.svg").write_text("<svg/>")
    kernels.show(conda, tmp_path / "usr/local", "/opt/coursewright/conda")
    shown = tmp_path / "usr/local/share/jupyter/kernels"
    told = {file.parent.name: json.loads(file.read_text()) for file in shown.glob("*/kernel.json")}
    assert {name: (one["argv"][0], one["display_name"]) for name, one in told.items()} == {
        "conda-ir": ("/opt/coursewright/conda/bin/R", "ir (conda)"),
        "conda-python3": ("/opt/coursewright/conda/bin/python", "python3 (conda)"),
        "conda-bash": ("bash", "bash (conda)"),
    }
    assert (shown / "conda-ir/logo.svg").exists()
    (conda / "conda-meta").mkdir()
    channel = "https://conda.anaconda.org/conda-forge/linux-64"
    about = {"name": "r-base", "version": "4.4.1", "build": "h1_0", "channel": channel, "subdir": "linux-64"}
    (conda / "conda-meta/r-base-4.4.1-h1_0.json").write_text(json.dumps(about))
    (conda / "conda-meta/history").touch()
    (part,) = (one for one in sbom.bill(tmp_path)["components"] if one["purl"].startswith("pkg:conda/"))
    assert part["purl"] == "pkg:conda/r-base@4.4.1?build=h1_0&channel=conda-forge&subdir=linux-64"


def test_files_of_the_configuration_are_for_nobody_else(tmp_path: Path) -> None:
    program = ServiceProgram("web", ("web",), {}, str(tmp_path), configuration={"a.ini": "x\r\n", "b": "ü"})
    for _ in range(2):
        start.configure(program)
        folder = configuration_of(tmp_path)
        assert {file.name: file.read_bytes() for file in folder.iterdir()} == {"a.ini": b"x\r\n", "b": "ü".encode()}
        assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    start.configure(ServiceProgram("web", ("web",), {}, str(tmp_path)))
    assert not configuration_of(tmp_path).exists()
