"""What the registrar fills in about a registry."""

from wtforms import RadioField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from api.domain.delivery import Event, Registry
from api.domain.trouble import EndpointRefused
from api.services.registries import RegistryChange
from api.web.console.forms import ConsoleForm
from api.web.console.registry_words import EVENTS
from api.web.console.words import t
from api.web.context import house

LINK, EMBEDDED = "link", "embedded"


def trimmed(text: str | None) -> str | None:
    """Drop the spaces that come with pasting."""
    return text.strip() if text else text


class RegistryForm(ConsoleForm):
    """Name, address, how the photo comes, and which events. `known` is the address that needs no look again."""

    name = StringField(filters=[trimmed], validators=[DataRequired(), Length(max=200)])
    url = StringField(filters=[trimmed], validators=[DataRequired(), Length(max=2000)])
    photo = RadioField(choices=[LINK, EMBEDDED], default=LINK)
    events = SelectMultipleField(
        choices=[event.value for event in EVENTS],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        default=[event.value for event in EVENTS],
    )
    known: str | None = None

    def validate_url(self, field: StringField) -> None:
        """Look whether events may go there, once for each new address."""
        if field.data == self.known:
            return
        try:
            house().registry.check(field.data)
        except EndpointRefused as refusal:
            raise ValidationError(t(f"registry.trouble.{refusal.facts['reason']}")) from refusal

    def validate_events(self, field: SelectMultipleField) -> None:
        """Ask for one event at least: who wants none is disabled."""
        if not field.data:
            raise ValidationError(t("registry.form.no_event"))

    def fill(self, registry: Registry) -> None:
        """Show what is kept."""
        self.name.data, self.url.data = registry.name, registry.url
        self.photo.data = EMBEDDED if registry.embed_photo else LINK
        self.events.data = [event.value for event in EVENTS if registry.takes(event)]

    @property
    def change(self) -> RegistryChange:
        """Return what was filled in."""
        return RegistryChange(
            name=self.name.data,
            url=self.url.data,
            embed_photo=self.photo.data == EMBEDDED,
            events=frozenset(map(Event, self.events.data)),
        )
