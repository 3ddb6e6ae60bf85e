import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("indicators", "0004_workflow"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PublishedReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveSmallIntegerField()),
                ("published_at", models.DateTimeField()),
                ("reason", models.TextField(blank=True, default="")),
                ("chain", models.CharField(max_length=40)),
                ("sequence", models.PositiveBigIntegerField()),
                ("chain_hash", models.CharField(max_length=64)),
                ("html", models.BinaryField()),
                ("html_sha256", models.CharField(max_length=64)),
                ("pdf", models.BinaryField()),
                ("pdf_sha256", models.CharField(max_length=64)),
                ("plan_json", models.BinaryField()),
                ("plan_json_sha256", models.CharField(max_length=64)),
                ("scorecard_json", models.BinaryField()),
                ("scorecard_json_sha256", models.CharField(max_length=64)),
                (
                    "plan",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publication",
                        to="indicators.plan",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("chain_hash__regex", "\\A[0-9a-f]{64}\\Z")),
                        name="published_report_chain_hash_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("pdf_sha256__regex", "\\A[0-9a-f]{64}\\Z")),
                        name="published_report_pdf_sha256_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("html_sha256__regex", "\\A[0-9a-f]{64}\\Z")),
                        name="published_report_html_sha256_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("plan_json_sha256__regex", "\\A[0-9a-f]{64}\\Z")),
                        name="published_report_plan_json_sha256_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("scorecard_json_sha256__regex", "\\A[0-9a-f]{64}\\Z")),
                        name="published_report_scorecard_json_sha256_form",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("reason"), 100000
                        ),
                        name="published_report_reason_length",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "reason__regex",
                                "[\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\u007F-\\u009F]",
                            ),
                            _negated=True,
                        ),
                        name="published_report_reason_clean",
                    ),
                ],
            },
        ),
    ]
