import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Takes over the table that `roadmap.0002` made, with all that is in it."""

    initial = True

    dependencies = [
        ("accounts", "0001_people_organizations_and_audit"),
        ("jobs", "0001_jobs_as_rows"),
        ("roadmap", "0007_reports_move_to_an_app_of_their_own"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Report",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("snapshot", models.JSONField()),
                        ("input_hash", models.CharField(db_index=True, max_length=64)),
                        ("file", models.CharField(blank=True, max_length=200)),
                        ("pages", models.PositiveIntegerField(null=True)),
                        ("size", models.PositiveIntegerField(help_text="bytes", null=True)),
                        ("seconds", models.FloatField(null=True)),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        ("finished_at", models.DateTimeField(null=True)),
                        (
                            "created_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "job",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="reports",
                                to="jobs.job",
                            ),
                        ),
                        (
                            "organization",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="reports",
                                to="accounts.organization",
                            ),
                        ),
                        (
                            "roadmap",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="reports",
                                to="roadmap.roadmap",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "roadmap_report",
                        "ordering": ("-created_at", "-pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("roadmap", "input_hash"), name="report_once_per_roadmap_and_input"
                            )
                        ],
                    },
                ),
            ]
        ),
        migrations.AlterModelTable("report", None),
    ]
