"""A folder that runs ``icpc`` on Windows without Python: ``python -m tests.windows.portable EMBED_ZIP SHA256 FOLDER``.

EMBED_ZIP is python.org's "Windows embeddable package (64-bit)" of Python 3.13, SHA256 what python.org says of it. The
packages come from pip's index; what was chosen is written down with its hashes, and only that is installed.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
WINDOWS = ("--platform", "win_amd64", "--python-version", "3.13", "--implementation", "cp", "--only-binary=:all:")
NEEDED_THERE = ("colorama", "msvc-runtime")
"""What only Windows needs; pip asks for what the machine needs that it runs on."""
_LICENCES = ("LICEN", "COPYING", "NOTICE")
READ_ME = """\
icpc - kodehjælp for fysioterapeuter

1. Træk mappen ud af zip-filen, og læg den, hvor du vil. Intet skal installeres.
2. Dobbeltklik på icpc.cmd: den stiller spørgsmål om et forløb og viser koden.
3. Resten skrives: åbn mappen i Stifinder, skriv cmd i adresselinjen, og tryk enter.
4. Prøv:  icpc check examples\\klinik.csv   (i PowerShell:  .\\icpc check examples\\klinik.csv)
5. Din egen eksport:  træk filen ind i vinduet efter  icpc check  og et mellemrum.
6. Hjælp:  icpc help      Alt sker på denne computer; intet sendes nogen steder hen.
7. Advarer Windows om en ukendt fil, så vælg Flere oplysninger og Kør alligevel; spørg evt. din it-ansvarlige.
8. Fjern programmet ved at slette mappen. Licenser for alt, hvad den indeholder, står i mappen licenser.
"""


def main(embedded: Path, sha256: str, folder: Path) -> None:
    """Build the folder, which must not be there."""
    found = hashlib.sha256(embedded.read_bytes()).hexdigest()
    if found != sha256.lower():
        sys.exit(f"{embedded} is another file: its SHA-256 is {found}")
    folder.mkdir(parents=True)
    with zipfile.ZipFile(embedded) as archive:
        archive.extractall(folder / "python")
    (paths,) = (folder / "python").glob("python3*._pth")
    paths.write_text(f"{paths.stem}.zip\n.\n..\\site\nimport site\n")
    _install(folder)
    shutil.copytree(ROOT / "data" / "examples", folder / "examples")
    (folder / "icpc.cmd").write_bytes(
        b'@setlocal\r\n@set "ICPC_CALLED=%~f0"\r\n@"%~dp0python\\python.exe" -m icpc_cli %*\r\n'
    )
    (folder / "LÆS MIG.txt").write_text(READ_ME, encoding="utf-8-sig", newline="\r\n")
    _licences(folder)


def _install(folder: Path) -> None:
    """The program and all it needs, in ``site``; what that is stands in ``pakker.txt``."""
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        _pip("install", *WINDOWS, "--target", str(place / "none"), "--dry-run", "--report", str(place / "report"),
             *wanted, *NEEDED_THERE)  # fmt: skip
        chosen = sorted(
            f"{each['metadata']['name']}=={each['metadata']['version']}"
            f" --hash=sha256:{each['download_info']['archive_info']['hashes']['sha256']}\n"
            for each in json.loads((place / "report").read_text(encoding="utf-8"))["install"]
        )
        (folder / "pakker.txt").write_text("".join(chosen), encoding="utf-8")
        target = ("--no-deps", "--no-compile", "--target", str(folder / "site"))
        _pip("install", *WINDOWS, *target, "--require-hashes", "-r", str(folder / "pakker.txt"))
        _pip("wheel", "--no-deps", "-w", temporary, str(ROOT))
        (wheel,) = place.glob("icpc_cli-*.whl")
        _pip("install", *WINDOWS, *target, str(wheel))
    shutil.rmtree(folder / "site" / "bin", ignore_errors=True)


def _licences(folder: Path) -> None:
    """The licences of Python and of every package, by its name: what it says of them, and their texts."""
    licences = folder / "licenser"
    licences.mkdir()
    shutil.copyfile(folder / "python" / "LICENSE.txt", licences / "python.txt")
    for about in sorted((folder / "site").glob("*.dist-info")):
        name = about.name.partition("-")[0]
        texts = [
            each for each in sorted(about.rglob("*")) if each.is_file() and each.name.upper().startswith(_LICENCES)
        ]
        metadata = (about / "METADATA").read_text(encoding="utf-8").splitlines()
        said = ["\n".join(line for line in metadata if line.startswith(("License", "Classifier: License")))]
        said += [each.read_text(encoding="utf-8", errors="replace") for each in texts]
        (licences / f"{name}.txt").write_text("\n\n".join(said), encoding="utf-8")


def _pip(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments], check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
