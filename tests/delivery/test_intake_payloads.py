"""What each tool sends becomes records, or a reason in words."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from delivery.domain.payloads.reading import Closing, Ignored, Malformed
from tests.delivery.payloads import NOW, OWN, at, one, read

GITHUB = {
    "repository": {"full_name": "clinic/portal"},
    "deployment": {"id": 42, "environment": "Production", "ref": "v1.2", "payload": {}},
    "deployment_status": {
        "state": "success",
        "created_at": "2026-11-20T10:00:00Z",
        "log_url": "https://github.com/clinic/portal/actions/runs/1",
    },
}


def test_github_deployment_status():
    said = one("github", GITHUB, "deployment_status")

    record = said.what
    assert (said.project, record.external_id, record.result) == ("clinic/portal", "42", "success")
    assert (record.is_production, record.version, record.committed_at) == (True, "v1.2", None)
    assert record.deployed_at == at(2026, 11, 20, 10)


def test_github_deployment_may_bring_its_first_commit_and_other_environments_are_told():
    deployment = GITHUB["deployment"] | {
        "environment": "staging",
        "payload": {"committed_at": "2026-11-18T10:00:00Z"},
    }

    record = one("github", GITHUB | {"deployment": deployment}, "deployment_status").what

    assert (record.is_production, record.environment) == (False, "staging")
    assert record.committed_at == at(2026, 11, 18, 10)


@pytest.mark.parametrize("state", ["pending", "in_progress", "queued", "inactive", "", "waiting"])
def test_github_deployments_that_are_not_over_are_not_needed(state: str):
    status = GITHUB["deployment_status"] | {"state": state}
    with pytest.raises(Ignored):
        read("github", GITHUB | {"deployment_status": status}, "deployment_status")


def test_github_workflow_runs_count_where_they_are_named():
    run = {
        "id": 7,
        "run_attempt": 2,
        "name": "Deploy live",
        "conclusion": "failure",
        "updated_at": "2026-11-20T10:00:00Z",
    }
    payload = {"action": "completed", "workflow_run": run, "repository": {"full_name": "a/b"}}

    record = one("github", payload, "workflow_run", ("deploy live",)).what

    assert (record.external_id, record.result) == ("run-7-2", "failed")
    with pytest.raises(Ignored, match="names of production"):
        read("github", payload, "workflow_run")


def test_github_issue_with_the_label_is_an_incident_opened_and_closed():
    issue = {
        "number": 5,
        "title": "Down",
        "labels": [{"name": "Incident"}, {"name": "severity: high"}],
        "created_at": "2026-11-20T10:00:00Z",
        "closed_at": None,
        "updated_at": "2026-11-20T10:00:00Z",
    }
    payload = {"action": "opened", "issue": issue, "repository": {"full_name": "a/b"}}

    opened = one("github", payload, "issues").what
    closed = one(
        "github", payload | {"issue": issue | {"closed_at": "2026-11-20T11:00:00Z"}}, "issues"
    ).what

    assert (opened.external_id, opened.severity, opened.clears) == (
        "a/b#5",
        "high",
        {"resolved_at"},
    )
    assert (closed.resolved_at, closed.clears) == (at(2026, 11, 20, 11), frozenset())
    with pytest.raises(Ignored, match="label"):
        read("github", payload | {"issue": issue | {"labels": []}}, "issues")


def test_github_alerts_are_vulnerabilities():
    alert = {
        "number": 3,
        "created_at": "2026-11-01T10:00:00Z",
        "updated_at": "2026-11-20T10:00:00Z",
        "fixed_at": "2026-11-20T10:00:00Z",
        "dismissed_at": None,
        "security_advisory": {"severity": "critical", "summary": "Bad"},
        "dependency": {"package": {"name": "left-pad"}},
        "rule": {"security_severity_level": "low", "description": "Odd"},
    }
    payload = {"alert": alert, "repository": {"full_name": "a/b"}}

    found = one("github", payload, "dependabot_alert").what
    scanned = one("github", payload, "code_scanning_alert").what

    assert (found.severity, found.title) == ("critical", "left-pad: Bad")
    assert (found.fixed_at, found.clears) == (at(2026, 11, 20, 10), {"dismissed_at"})
    assert (scanned.severity, scanned.external_id) == ("low", "a/b code 3")


GITLAB = {
    "object_kind": "deployment",
    "status": "success",
    "status_changed_at": "2026-11-20 10:00:00 +0200",
    "deployment_id": 15,
    "deployable_url": "http://gitlab.example.com/clinic/portal/-/jobs/796",
    "environment": "live",
    "environment_tier": "production",
    "short_sha": "279484c0",
    "ref": "main",
    "project": {"path_with_namespace": "clinic/portal"},
}


def test_gitlab_deployment():
    said = one("gitlab", GITLAB)

    record = said.what
    assert (said.project, record.external_id, record.result) == ("clinic/portal", "15", "success")
    assert (record.deployed_at, record.is_production) == (at(2026, 11, 20, 8), True)
    for status in ("running", "canceled", "created"):
        with pytest.raises(Ignored):
            read("gitlab", GITLAB | {"status": status})


def test_gitlab_incident_and_vulnerability():
    issue = {
        "iid": 23,
        "type": "Incident",
        "state": "closed",
        "severity": "critical",
        "created_at": "2026-11-20 10:00:00 UTC",
        "closed_at": "2026-11-20 12:00:00 UTC",
        "updated_at": "2026-11-20 12:00:00 UTC",
        "title": "Down",
    }
    payload = {
        "object_kind": "issue",
        "project": {"path_with_namespace": "a/b"},
        "object_attributes": issue,
    }
    found = one("gitlab", payload).what
    assert (found.external_id, found.severity) == ("a/b#23", "critical")
    assert found.resolved_at == at(2026, 11, 20, 12)
    with pytest.raises(Ignored):
        read("gitlab", payload | {"object_attributes": issue | {"type": "Issue"}})

    said = one(
        "gitlab",
        {
            "object_kind": "vulnerability",
            "object_attributes": {
                "url": "https://example.com/flightjs/Flight/-/security/vulnerabilities/1",
                "state": "dismissed",
                "severity": "high",
                "created_at": "2026-11-08T00:46:14.413Z",
                "dismissed_at": "2026-11-09T00:46:14.413Z",
                "resolved_at": None,
            },
        },
    )
    assert (said.project, said.what.external_id) == ("flightjs/Flight", "vulnerability-1")
    assert said.what.dismissed_at is not None
    assert said.what.clears == {"fixed_at"}


JENKINS = {
    "name": "deploy-portal",
    "build": {
        "full_url": "http://localhost:8080/job/deploy-portal/18/",
        "number": 18,
        "phase": "COMPLETED",
        "status": "SUCCESS",
        "timestamp": "2026-11-20T10:00:00.5+00:00",
        "duration": 60000,
        "parameters": {"ENVIRONMENT": "prod"},
        "scm": {"commit": "c6d86dc654b12425e706bcf951adfe5a8627a517"},
    },
}


def test_jenkins_build_with_an_environment_or_a_named_job():
    said = one("jenkins", JENKINS)
    record = said.what
    assert (said.project, record.external_id) == ("deploy-portal", "deploy-portal-18")
    assert record.deployed_at.replace(microsecond=0) == at(2026, 11, 20, 10, 1)
    assert record.is_production

    plain = JENKINS | {"build": JENKINS["build"] | {"parameters": {}}}
    with pytest.raises(Ignored, match="names no environment"):
        read("jenkins", plain)
    assert one("jenkins", plain, production=("deploy-portal",)).what.is_production
    for status in ("ABORTED", "NOT_BUILT"):
        with pytest.raises(Ignored):
            read("jenkins", JENKINS | {"build": JENKINS["build"] | {"status": status}})
    with pytest.raises(Ignored):
        read("jenkins", JENKINS | {"build": JENKINS["build"] | {"phase": "STARTED"}})


def test_jenkins_may_speak_our_own_json():
    assert one("jenkins", OWN).what.external_id == "d1"


def test_azure_release_stage_and_build():
    release = {
        "id": "c3e52c57",
        "eventType": "ms.vss-release.deployment-completed-event",
        "createdDate": "2026-11-20T10:00:00.5345098Z",
        "resource": {
            "environment": {
                "id": 5,
                "name": "Production",
                "status": "succeeded",
                "release": {"id": 1, "name": "Release-1"},
            },
            "project": {"name": "Fabrikam"},
        },
    }
    said = one("azure", release)
    assert (said.project, said.what.external_id) == ("Fabrikam", "release-c3e52c57")
    assert (said.what.result, said.what.version) == ("success", "Release-1")

    stage = {
        "eventType": "ms.vss-pipelines.stage-state-changed-event",
        "createdDate": "2026-11-20T10:00:00Z",
        "resource": {
            "stage": {"id": "s1", "name": "prod", "state": "completed", "result": "failed"},
            "run": {"id": 2, "name": "20261120.1"},
            "pipeline": {"name": "portal"},
        },
    }
    found = one("azure", stage)
    assert (found.project, found.what.result) == ("portal", "failed")
    with pytest.raises(Ignored, match="names of production"):
        read("azure", stage, production=("live",))

    build = {
        "eventType": "build.complete",
        "resource": {
            "id": 9,
            "definition": {"name": "deploy"},
            "result": "succeeded",
            "finishTime": "2026-11-20T10:00:00Z",
        },
    }
    assert one("azure", build, production=("deploy",)).what.external_id == "build-9"
    with pytest.raises(Ignored):
        read("azure", build)


def test_azure_work_items_that_are_incidents():
    fields = {
        "System.WorkItemType": "Bug",
        "System.Tags": "Incident; portal",
        "System.CreatedDate": "2026-11-20T10:00:00Z",
        "System.Title": "Down",
        "System.TeamProject": "Portal",
        "Microsoft.VSTS.Common.Severity": "2 - High",
    }
    payload = {"eventType": "workitem.created", "resource": {"id": 7, "fields": fields}}

    said = one("azure", payload)

    assert (said.project, said.what.external_id, said.what.severity) == (
        "Portal",
        "work-item-7",
        "high",
    )
    with pytest.raises(Ignored):
        read("azure", {"eventType": "git.push"})


def test_devlake_deployments_new_and_old():
    new = one(
        "devlake",
        {
            "id": "Test 2",
            "startedDate": "2026-11-20T12:00:00+00:00",
            "finishedDate": "2026-11-20T13:00:00+00:00",
            "environment": "PRODUCTION",
            "result": "FAILURE",
            "deploymentCommits": [
                {"repoUrl": "https://git.example/portal", "refName": "main", "commitSha": "abc"}
            ],
        },
    )
    old = one(
        "devlake",
        {
            "commit_sha": "015e3d3b",
            "repo_url": "https://git.example/portal",
            "start_time": "2026-11-20T12:00:00+00:00",
        },
    )

    assert (new.project, new.what.result) == ("https://git.example/portal", "failed")
    assert new.what.deployed_at == at(2026, 11, 20, 13)
    assert (old.what.external_id, old.what.result) == ("015e3d3b", "success")


def test_devlake_incident_opened_and_closed():
    issue = {
        "issueKey": "DLK-1",
        "title": "Down",
        "type": "INCIDENT",
        "status": "TODO",
        "originalStatus": "created",
        "createdDate": "2026-11-20T12:00:00+00:00",
    }
    opened = one("devlake", issue).what
    closed = one("devlake", {"issueKey": "DLK-1"}).what

    assert (opened.external_id, opened.clears) == ("DLK-1", {"resolved_at"})
    assert closed == Closing("DLK-1", NOW, NOW)
    with pytest.raises(Ignored):
        read("devlake", issue | {"type": "BUG"})
    with pytest.raises(Malformed):
        read("devlake", {"hello": "world"})


NAMES = (
    *("kind", "id", "records", "deployment", "deployment_status", "state", "created_at", "build"),
    *("object_kind", "object_attributes", "name", "resource", "eventType", "environment"),
    *("issueKey", "createdDate", "alert", "labels", "project", "issue", "number", "status"),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5)
    ),
    max_leaves=12,
)


@settings(max_examples=50, deadline=None)
@given(
    kind=st.sampled_from(["own", "devlake", "github", "gitlab", "jenkins", "azure"]),
    event=st.sampled_from(["deployment_status", "issues", "dependabot_alert", "workflow_run", ""]),
    payload=JSON,
)
def test_whatever_comes_is_read_or_refused_in_words(kind: str, event: str, payload: Any):
    try:
        read(kind, json.dumps(payload), event)
    except (Malformed, Ignored) as reason:
        assert str(reason)
