from django.db import migrations
from django.db.models import F


def set_baselines(apps, schema_editor):
    """Until now the plan's own dates were what everything was measured by."""
    initiatives = apps.get_model("roadmap", "PlannedInitiative").objects
    initiatives.filter(baseline_finish_on=None).update(
        baseline_start_on=F("start_on"), baseline_finish_on=F("finish_on")
    )
    done = initiatives.filter(status="done")
    done.update(percent=100, started_on=F("start_on"))
    # Nobody noted when work began; the planned day is the best guess, and never after its end.
    done.filter(finished_on__lt=F("started_on")).update(started_on=F("finished_on"))
    initiatives.filter(status="in_progress").update(started_on=F("start_on"))


class Migration(migrations.Migration):
    dependencies = [("roadmap", "0004_tracking_approvals_and_sharing")]
    operations = [migrations.RunPython(set_baselines, migrations.RunPython.noop)]
