"""Contributors could fill everything until now; nobody is locked out of an assessment under way."""

from django.db import migrations


def keep_open(apps, schema_editor):
    apps.get_model("assessments", "Assessment").objects.update(is_open_to_contributors=True)


class Migration(migrations.Migration):
    dependencies = [("assessments", "0002_assessments_filled_together_with_evidence")]
    operations = [migrations.RunPython(keep_open, migrations.RunPython.noop)]
