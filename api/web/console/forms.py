"""The base of every form on the console: its own complaints in the page's language."""

from typing import Any

from flask_wtf import FlaskForm

from api.web.console.words import language


class ConsoleForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A form with a CSRF token. Labels belong to the template (`{{ field(form.name, t("common.save")) }}`)."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """WTForms' own words for what is missing or too long."""

        def get_translations(self, form: Any) -> Any:
            """Return WTForms' Chinese, or its English."""
            self.locales = ["zh" if language() == "zh-CN" else "en"]
            return super(FlaskForm.Meta, self).get_translations(form)
