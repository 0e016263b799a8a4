from django.db import migrations
from django.utils import timezone

from hearth.privacy.purposes import PROFILING, SHIPPED_PURPOSES

BEFORE = (
    "经您同意，我们分析您与我们的往来，以便只向您推荐合适的内容。您可以选择不针对个人特征的内容。",
    "With your consent we analyse your dealings with us, so that we suggest only what fits."
    " You may choose content that is not based on your profile.",
)


def say_that_it_may_be_refused(apps, schema_editor):
    """Replace the shipped text where the group left it as it was; the one before is kept as its own version."""
    purpose = apps.get_model("privacy", "Purpose").objects.filter(code=PROFILING).first()
    shipped = next(each for each in SHIPPED_PURPOSES if each.code == PROFILING)
    if purpose is None or (purpose.text_zh, purpose.text_en) != BEFORE:
        return
    apps.get_model("privacy", "PurposeText").objects.create(
        purpose=purpose,
        version=purpose.version,
        text_zh=purpose.text_zh,
        text_en=purpose.text_en,
        replaced_at=timezone.now(),
    )
    purpose.text_zh, purpose.text_en = shipped.text_zh, shipped.text_en
    purpose.version += 1
    purpose.save()


class Migration(migrations.Migration):
    dependencies = [("privacy", "0006_retention")]

    operations = [migrations.RunPython(say_that_it_may_be_refused, migrations.RunPython.noop)]
