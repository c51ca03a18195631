"""The registrar's pages about people: who has an account, what they may see, and an end to it."""

from collections.abc import Iterable

from apiflask import APIBlueprint
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length

from api.domain.errors_staff import BadLogin, LastRegistrar, LoginTaken
from api.domain.reviewer import Role, Scope
from api.domain.staff import StaffMember
from api.services.staff_accounts import Issued
from api.web.console.faults import flash_error, words_of
from api.web.console.forms import ConsoleForm
from api.web.console.guard import deed, registrar_only
from api.web.console.words import t
from api.web.context import house

bp = APIBlueprint("staff", __name__, url_prefix="/console/staff", enable_openapi=False)
PARTS = ("college", "grade", "major", "class_")


def _roles() -> list[SelectChoice]:
    return [SelectChoice(role.value, t(f"staff.role.{role}")) for role in (Role.COUNSELLOR, Role.REGISTRAR)]


class PersonForm(ConsoleForm):
    """What there is to know of an account; the login only when it is opened."""

    name = StringField(validators=[InputRequired(), Length(max=60)])
    role = SelectField(choices=_roles)


class NewPersonForm(PersonForm):
    """An account to be opened."""

    login = StringField(validators=[InputRequired(), Length(max=64)])


class ScopeForm(ConsoleForm):
    """One assignment; what is left open means every one."""

    college = SelectField(validate_choice=False)
    grade = SelectField(validate_choice=False)
    major = SelectField(validate_choice=False)
    class_ = SelectField(validate_choice=False)


@bp.get("")
@registrar_only
def people() -> ResponseReturnValue:
    """List every account."""
    return render_template("console/staff/people.html", people=house().staff.find())


@bp.get("/new")
@registrar_only
def new() -> ResponseReturnValue:
    """Show the form for an account."""
    return _new_page(NewPersonForm())


@bp.post("/new", endpoint="add")
@registrar_only
def add() -> ResponseReturnValue:
    """Open an account, and show its one-time password, this once."""
    form = NewPersonForm()
    if not form.validate():
        return _new_page(form, status=422)
    try:
        issued = house().staff.add(
            form.login.data,
            name=form.name.data,
            role=Role(form.role.data),
            deed=deed(
                "staff.added",
                subject=lambda issued: issued.member.id,
                detail=lambda issued: {"login": issued.member.login, "role": issued.member.role},
            ),
        )
    except (BadLogin, LoginTaken) as fault:
        form.login.errors = [words_of(fault).detail]
        return _new_page(form, status=422)
    return _issued_page(issued)


@bp.get("/<staff_id>")
@registrar_only
def person(staff_id: str) -> ResponseReturnValue:
    """Show one account."""
    member = house().staff.find.one(staff_id)
    return _person_page(member, PersonForm(name=member.name, role=member.role.value))


@bp.post("/<staff_id>", endpoint="change")
@registrar_only
def change(staff_id: str) -> ResponseReturnValue:
    """Change name and role."""
    form, member = PersonForm(), house().staff.find.one(staff_id)
    if not form.validate():
        return _person_page(member, form, status=422)
    try:
        role = Role(form.role.data)
        kept = deed("staff.changed", subject=staff_id, detail={"role": role})
        changed = house().staff.change(staff_id, name=form.name.data, role=role, deed=kept)
    except LastRegistrar as fault:
        form.role.errors = [words_of(fault).detail]
        return _person_page(member, form, status=409)
    return _back(changed, "changed")


@bp.post("/<staff_id>/scopes")
@registrar_only
def add_scope(staff_id: str) -> ResponseReturnValue:
    """Assign one more college, grade, major or class."""
    form, member = ScopeForm(), house().staff.find.one(staff_id)
    scope = Scope(*(form[part].data or None for part in PARTS))
    known = house().staff.find.places()
    if scope == Scope() or not any(_within(scope, place) for place in known):
        flash(t("staff.scope.nobody"), "danger")
        return redirect(url_for("staff.person", staff_id=staff_id))
    scoped = deed("staff.scoped", subject=staff_id, detail={"added": scope_words(scope)})
    house().staff.change(staff_id, scopes=tuple(dict.fromkeys((*member.scopes, scope))), deed=scoped)
    return _back(member, "scoped")


@bp.post("/<staff_id>/scopes/remove")
@registrar_only
def remove_scope(staff_id: str) -> ResponseReturnValue:
    """Take an assignment away."""
    member = house().staff.find.one(staff_id)
    gone = request.form.get("scope", "")
    left = tuple(scope for scope in member.scopes if scope_words(scope) != gone)
    scoped = deed("staff.scoped", subject=staff_id, detail={"removed": gone})
    house().staff.change(staff_id, scopes=left, deed=scoped)
    return _back(member, "scoped")


@bp.post("/<staff_id>/reset")
@registrar_only
def reset(staff_id: str) -> ResponseReturnValue:
    """Give a new one-time password, and show it, this once."""
    issued = house().staff.reset_password(staff_id, deed=deed("staff.reset", subject=staff_id))
    return _issued_page(issued)


@bp.post("/<staff_id>/disable")
@registrar_only
def disable(staff_id: str) -> ResponseReturnValue:
    """Let the account open nothing any more, from this moment."""
    try:
        disabled = deed("staff.disabled", subject=staff_id)
        member = house().staff.change(staff_id, enabled=False, deed=disabled)
    except LastRegistrar as fault:
        flash_error(fault)
        return redirect(url_for("staff.person", staff_id=staff_id))
    return _back(member, "disabled")


@bp.post("/<staff_id>/enable")
@registrar_only
def enable(staff_id: str) -> ResponseReturnValue:
    """Let a disabled account open again what it did."""
    member = house().staff.change(staff_id, enabled=True, deed=deed("staff.enabled", subject=staff_id))
    return _back(member, "enabled")


def scope_words(scope: Scope) -> str:
    """Return an assignment in one line, from the college down."""
    return " › ".join(part for part in (scope.college, scope.grade, scope.major, scope.class_) if part)


def _within(scope: Scope, place: Scope) -> bool:
    """Tell whether somebody at `place` belongs to `scope`."""
    pairs = ((getattr(scope, part), getattr(place, part)) for part in PARTS)
    return all(wanted is None or wanted == given for wanted, given in pairs)


def _choices(values: Iterable[str | None]) -> list[SelectChoice]:
    known = sorted({value for value in values if value})
    return [SelectChoice("", t("common.all")), *(SelectChoice(value, value) for value in known)]


def _scope_form() -> ScopeForm:
    form, places = ScopeForm(formdata=None), house().staff.find.places()
    for part in PARTS:
        form[part].choices = _choices(getattr(place, part) for place in places)
    return form


def _back(member: StaffMember, done: str) -> ResponseReturnValue:
    flash(t(f"staff.done.{done}", login=member.login), "success")
    return redirect(url_for("staff.person", staff_id=member.id))


def _new_page(form: NewPersonForm, *, status: int = 200) -> ResponseReturnValue:
    return render_template("console/staff/new.html", form=form), status


def _issued_page(issued: Issued) -> ResponseReturnValue:
    return render_template("console/staff/issued.html", member=issued.member, password=issued.password)


def _person_page(member: StaffMember, form: PersonForm, *, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "console/staff/person.html",
        member=member,
        form=form,
        scope_form=_scope_form(),
        scopes=[scope_words(scope) for scope in member.scopes],
        sessions=house().staff.find.sessions(member),
    )
    return page, status
