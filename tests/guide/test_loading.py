from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from guide.loading import GuideError, load_guide
from tests.guide.sample import write_guide


def problems(folder: Path) -> list[str]:
    with pytest.raises(GuideError) as caught:
        load_guide(folder)
    return [str(problem) for problem in caught.value.problems]


def test_a_sound_guide_loads_with_its_parts_in_place(tmp_path: Path) -> None:
    guide = load_guide(write_guide(tmp_path))

    assert [q.id for q in guide.questions.values()] == ["P.01", "Q1.01", "Q1.02", "Q1.12"]
    assert (guide.question("Q1.01").step, guide.question("Q1.01").section) == ("STEP-1", "S1")
    assert guide.gate("G1").review == "A1-14"


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("steps/1.yaml", "cap: true", "capp: true", "steps/1.yaml:12: 'capp' is not a key of this"),
        ("steps/1.yaml", "        why: You need one\n", "", "steps/1.yaml:6: 'why' is missing"),
        ("steps/1.yaml", "most, all]", "all]", "describe exactly 5 levels"),
        ("steps/1.yaml", "CHAL-A", "CHAL-X", "steps/1.yaml:6: Q1.01: there is no challenge 'CHAL"),
        ("steps/1.yaml", "[S1]", "[S9]", "Q1.01: there is no source 'S9'"),
        ("steps/1.yaml", "id: Q1.02", "id: Q1.01", "steps/1.yaml:15: question 'Q1.01' exists alr"),
        ("steps/1.yaml", "value: 0}", "value: 7}", "steps/1.yaml:21"),
        ("steps/1.yaml", "aliases: [nope]", "aliases: [A]", "option or alias 'a' is given twice"),
        ("steps/1.yaml", "{notice: {scale", "{noticed: {scale", "names no column 'noticed'"),
        ("steps/1.yaml", "[[0, 0], [30, 1]]", "[[9, 0], [3, 1]]", "rising, different x"),
        ("steps/1.yaml", "kind: level", "kind: [level", "steps/1.yaml:11: this is not valid YAML"),
        (
            "steps/1.yaml",
            "    title: Systems",
            "    title: A\n    title: B",
            "'title' is given twice",
        ),
        ("steps/1.yaml", "title: Systems", "title: &x Systems", ""),
        ("steps/1.yaml", "title: Systems", "title: !!python/name:os.x y", "is not allowed"),
        (
            "initiatives/1.yaml",
            "when: Q1.01 <= 2",
            "when: Q1.01 <=",
            "1.yaml:11: initiatives.0",
        ),
        ("initiatives/1.yaml", "when: Q1.01 <= 2", "when: Q7.01 = 2", "'Q7.01', which is no quest"),
        ("initiatives/1.yaml", "when: Q1.01 <= 2", "when: Q1.02 = z", "Q1.02 has no option 'z'"),
        ("initiatives/1.yaml", "when: Q1.01 <= 2", "when: Q1.12 = 2", "is a table; use count("),
        ("initiatives/1.yaml", "roles: {OPS: 1}", "roles: {DOC: 1}", "no role 'DOC'"),
        ("initiatives/1.yaml", "{OPS: 1}", "{OPS: 1}\n    needs: [A1-14]", "wait for each other"),
        ("initiatives/1.yaml", "likely: 2", "likely: 9", "effort must be ordered"),
        ("initiatives/1.yaml", "kind: action", "kind: deed", "initiatives/1.yaml:3"),
        ("gates.yaml", "review: A1-14", "review: A1-01", "'A1-01' is not a review initiative"),
        ("roles.yaml", "fte_from: ops", "fte_from: cooks", "the profile has no field 'cooks'"),
        ("guide.yaml", 'version: "1.0.0"', 'version: "one"', "guide.yaml:2: version"),
        ("guide.yaml", "steps/1.yaml", "steps/2.yaml", "steps/2.yaml:1: the file can't be read"),
        ("guide.yaml", "{STEP-1: 1}", "{STEP-2: 1}", "give STEP-1 a weight under overall_weights"),
    ],
)
def test_each_mistake_is_named_with_its_place(
    tmp_path: Path, file: str, old: str, new: str, expected: str
) -> None:
    write_guide(tmp_path, {file: (old, new)})

    if not expected:
        assert load_guide(tmp_path)
        return
    assert any(expected in problem for problem in problems(tmp_path)), problems(tmp_path)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    write_guide(
        tmp_path,
        {
            "steps/1.yaml": ("CHAL-A", "CHAL-X"),
            "roles.yaml": ("fte_from: ops", "fte_from: cooks"),
            "gates.yaml": ("[A1-01]", "[A1-99]"),
        },
    )

    assert len(problems(tmp_path)) == 3


def test_a_yaml_alias_is_refused(tmp_path: Path) -> None:
    write_guide(tmp_path, {"sources.yaml": ("A. Author", "&a A, note: *a")})

    assert any("aliases" in problem for problem in problems(tmp_path))


def test_guide_check_command_prints_counts_and_fails_on_a_bad_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("guide_check", str(write_guide(tmp_path)))
    assert "   2 initiatives" in capsys.readouterr().out

    write_guide(tmp_path, {"steps/1.yaml": ("CHAL-A", "CHAL-X")})
    with pytest.raises(CommandError, match="1 problem"):
        call_command("guide_check", str(tmp_path))
    assert "steps/1.yaml:6" in capsys.readouterr().err
