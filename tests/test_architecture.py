"""What DESIGN says about the structure, held by the code: directions, purity, sizes, names."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent

# An app may import itself and what stands to its right.
ORDER = (
    "api",
    "handover",
    "desk",
    "reports",
    "roadmap",
    "delivery",
    "assessments",
    "inbox",
    "jobs",
    "accounts",
    "guide",
)
PURE = ("guide", "assessments/domain", "delivery/domain", "roadmap/domain", "desk/domain")
# The two modules of the pure `guide` that introduce it to Django.
DJANGO_IN_GUIDE = {"guide/apps.py", "guide/checks.py"}
NOT_OURS = ("migrations", "__pycache__")


def modules(*folders: str) -> list[Path]:
    found = [
        path
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
        if not set(path.relative_to(ROOT).parts) & set(NOT_OURS)
    ]
    assert found
    return found


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports_of(path: Path) -> set[str]:
    """Full names of everything the module imports, at whatever depth."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)} imports relatively"
            names.add(node.module or "")
    return names


def is_pure(path: Path) -> bool:
    name = name_of(path)
    inside = any(name.startswith(f"{folder}/") for folder in PURE)
    is_command = name.startswith("guide/management/")
    return inside and not is_command and name not in DJANGO_IN_GUIDE


@pytest.mark.parametrize("app", ORDER)
def test_app_imports_only_what_stands_below_it(app: str) -> None:
    above = {other for other in ORDER if ORDER.index(other) < ORDER.index(app)}

    wrong = [
        f"{name_of(path)} imports {name}"
        for path in modules(app)
        for name in imports_of(path)
        if name.split(".")[0] in above
    ]

    assert wrong == []


def test_apps_do_not_import_the_wiring() -> None:
    wrong = [
        f"{name_of(path)} imports {name}"
        for path in modules(*ORDER)
        for name in imports_of(path)
        if name.split(".")[0] in ("config", "tests", "benchmarks")
    ]

    assert wrong == []


def test_pure_parts_import_only_pure_parts() -> None:
    pure = ("guide", *(folder.replace("/", ".") for folder in PURE[1:]))
    impure = {"django", *ORDER}

    wrong = [
        f"{name_of(path)} imports {name}"
        for path in modules(*PURE)
        if is_pure(path)
        for name in imports_of(path)
        if name.split(".")[0] in impure
        and not any(name == part or name.startswith(f"{part}.") for part in pure)
    ]

    assert wrong == []


def test_pure_parts_import_without_django() -> None:
    names = sorted(
        name_of(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for path in modules(*PURE)
        if is_pure(path)
    )
    assert {"guide.model", "assessments.domain.scoring", "roadmap.domain.scheduling"} <= set(names)
    code = (
        "import importlib, sys\n"
        "sys.modules['django'] = None\n"
        f"for name in {names!r}:\n"
        "    importlib.import_module(name)\n"
    )

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")


def test_weasyprint_is_imported_in_one_room() -> None:
    importers = [
        name_of(path)
        for path in modules(*ORDER, "config")
        if any(name.split(".")[0] == "weasyprint" for name in imports_of(path))
    ]

    assert {str(Path(name).parent) for name in importers} == {"reports/printing"}


def test_starting_does_not_load_the_heavy_libraries() -> None:
    code = (
        "import os, sys, django\n"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'\n"
        "django.setup()\n"
        "from django.utils.module_loading import autodiscover_modules\n"
        "autodiscover_modules('tasks')\n"
        "from django.urls import get_resolver\n"
        "get_resolver().url_patterns\n"
        "print(sorted({'weasyprint', 'fontTools', 'playwright'} & set(sys.modules)))\n"
    )

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)

    assert (done.stdout, done.returncode) == ("[]\n", 0), done.stderr


def test_files_stay_short() -> None:
    long = {
        name_of(path): lines
        for path in modules(*ORDER, "config", "tests")
        if (lines := len(path.read_text().splitlines())) > 450
    }

    assert long == {}


def test_no_module_is_a_drawer_for_everything() -> None:
    drawers = {"utils", "helpers", "common", "misc"}

    assert [name_of(path) for path in modules(*ORDER) if path.stem in drawers] == []


def test_packages_are_empty_at_the_top() -> None:
    """So that the pure parts import where Django is absent."""
    packages = [f"{app}/__init__.py" for app in ORDER] + [f"{part}/__init__.py" for part in PURE]

    assert [name for name in packages if (ROOT / name).read_text().strip()] == []


def test_migrations_are_named_in_words() -> None:
    names = [path.stem for app in ORDER for path in sorted((ROOT / app).glob("migrations/0*.py"))]
    assert names

    generated = re.compile(r"^\d{4}_(initial|auto_.*|.*_and_more)$")
    assert [name for name in names if generated.match(name)] == []


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
