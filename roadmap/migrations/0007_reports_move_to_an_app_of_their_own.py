from django.db import migrations


class Migration(migrations.Migration):
    """Only Django's idea of it: the table stays, and `reports.0001` takes it over."""

    dependencies = [("roadmap", "0006_charters_name_their_measured_system")]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Report")])
    ]
