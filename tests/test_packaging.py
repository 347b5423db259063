"""What setup.cfg says must be what is on the disk: a room left out would be missing in the wheel, silently."""

from configparser import ConfigParser
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Sources of files that are made, and things that only the checkout needs.
NOT_SHIPPED = {".py", ".pyc", ".po", ".pot"}


def read() -> ConfigParser:
    config = ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    return config


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line]


def rooms() -> set[str]:
    """Every package below deliberation/, by its dotted name."""
    return {".".join(file.parent.relative_to(ROOT).parts) for file in (ROOT / "deliberation").rglob("__init__.py")}


def test_the_list_of_packages_is_what_is_on_the_disk():
    listed = lines(read()["options"]["packages"])
    assert sorted(listed) == sorted(rooms() | {"deliberation.templates", "deliberation.migrations"})


def test_every_folder_with_python_in_it_is_a_package():
    folders = {file.parent for file in (ROOT / "deliberation").rglob("*.py")}
    assert sorted(str(folder) for folder in folders if not (folder / "__init__.py").exists()) == []


def test_every_data_file_is_shipped():
    shipped = {package: [p.strip() for p in globs.split(",")] for package, globs in read()["options.package_data"].items()}

    def is_shipped(file: Path) -> bool:
        """Whether the nearest package around ``file`` (or a wildcard for all) names it."""
        folder = file.parent
        while not (folder / "__init__.py").exists():
            folder = folder.parent
        package = ".".join(folder.relative_to(ROOT).parts)
        name = file.relative_to(folder).as_posix()
        # fnmatch lets * cross a slash and setuptools does not, so a plain *.yaml holds for one folder only.
        return any(fnmatch(name, glob) and ("**" in glob or name.count("/") == glob.count("/"))
                   for glob in shipped.get("*", []) + shipped.get(package, []))

    files = [file for file in (ROOT / "deliberation").rglob("*") if file.is_file()
             and file.suffix not in NOT_SHIPPED and "__pycache__" not in file.parts]
    assert [str(file.relative_to(ROOT)) for file in files if not is_shipped(file)] == []


def test_the_lock_names_no_machine_and_no_registry():
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text and "index-url" not in text and "find-links" not in text


def test_the_lock_pins_every_dependency_with_hashes():
    wanted = {line.split(">")[0].split("[")[0] for line in lines((ROOT / "requirements.in").read_text(encoding="utf-8"))}
    entries = (ROOT / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", "").splitlines()
    pinned = {entry.split("==")[0] for entry in entries if "==" in entry and "--hash=sha256:" in entry}
    assert wanted <= pinned
