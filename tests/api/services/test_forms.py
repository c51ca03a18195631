"""A form that a registrar writes is good before a student sees it, or every fault of it is told by its place."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.services.campaign_templates import TEMPLATES
from api.services.forms import LONGEST, check_form, read_form


def field(**more: object) -> dict[str, object]:
    return {"type": "string", "title": "宿舍"} | more


def form(**fields: object) -> dict[str, object]:
    return {"type": "object", "properties": fields}


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=lambda one: one.id)
def test_the_ready_made_forms_are_good(template):
    """Guardians, places, choices and all."""
    assert check_form(template.profile_schema) == ()


def test_no_form_at_all_asks_for_the_photo_alone():
    """An empty box is an answer, too."""
    found = read_form("  ")
    assert found.faults == ()
    assert found.schema["properties"] == {}


@pytest.mark.parametrize(
    ("schema", "path", "reason"),
    [
        ([], "", "not_an_object"),
        ({"type": "string"}, "", "not_an_object"),
        ({"type": 7}, "type", "not_a_schema"),
        (form(dorm={"type": "string"}), "dorm", "no_title"),
        (form(dorm=field(type="null")), "dorm", "unknown_kind"),
        (form(dorm=field(pattern="(")), "properties.dorm.pattern", "bad_pattern"),
        (form(dorm=field(enum=[])), "dorm", "bad_choices"),
        (form(dorm=field(minLength=9, maxLength=3)), "dorm", "more_than_most"),
        (form(宿舍=field()), "宿舍", "bad_name"),
        (form(dorm=field()) | {"required": ["room"]}, "room", "required_but_absent"),
        (form(beds={"type": "array", "title": "床", "items": {"type": "string"}}), "beds", "list_of_what"),
        (form(dorm={"title": "x", "$ref": "https://elsewhere.example/x"}), "dorm", "reference_elsewhere"),
        (form(dorm={"title": "x", "$ref": "#/nowhere"}), "dorm", "reference_elsewhere"),
        (form(dorm={"title": "x", "$ref": "#/properties/dorm"}), "dorm", "too_deep"),
        (form(home=field(type="object", properties={"in": {"$ref": "#/properties/home"}})), "home.in", "too_deep"),
        (
            form(dorm={"title": "x", "$ref": "#/$defs/any"}) | {"$defs": {"any": {"type": "null"}}},
            "dorm",
            "unknown_kind",
        ),
        (
            {"type": "object", "$ref": "#/$defs/any", "$defs": {"any": {}}, "properties": {"a": True}},
            "a",
            "unknown_kind",
        ),
        (form(dorm=field()) | {"allOf": [{"$dynamicRef": "#"}]}, "allOf", "reference_elsewhere"),
        (form(dorm=field(type=["string", "null"])), "dorm", "unknown_kind"),
        (form(dorm=field(title="\ud800")), "", "not_json"),
        (form(dorm=field(title="a\0b")), "", "not_json"),
        (form(dorm=field(type="number", maximum=float("nan"))), "", "not_json"),
        (form(dorm=field(type="number", maximum=float("inf"))), "", "not_json"),
    ],
)
def test_what_is_wrong_is_told_by_its_place(schema: object, path: str, reason: str):
    """One word for each, for which the page has a sentence."""
    found = read_form(json.dumps(schema))
    assert (path, reason) in {(fault.path, fault.reason) for fault in found.faults}


def test_a_form_without_end_is_refused_before_it_is_read():
    """Too long, too deep, or no JSON."""
    deep: dict[str, object] = field()
    for _ in range(6):
        deep = form(more=deep) | {"title": "层"}
    assert read_form("{" * LONGEST + "{").faults[0].reason == "too_long"
    assert read_form("{").faults[0].reason == "not_json"
    assert read_form(json.dumps(deep)).faults[-1].reason == "too_deep"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "properties", "items", "enum", "required", "title", "x"]), inner)
    ),
    max_leaves=12,
)


@given(JSON)
def test_nothing_that_is_written_breaks_the_reading(value: object):
    """Whatever it is, it is good or told to be wrong."""
    read = read_form(json.dumps(value))
    assert read.faults or (read.schema == value and read.schema["type"] == "object")


def test_a_schema_nested_without_end_is_told_and_breaks_nothing():
    """Deeper than the checker of schemas itself can follow."""
    inner: dict[str, object] = {}
    for _ in range(400):
        inner = {"not": inner}
    assert [fault.reason for fault in read_form(json.dumps(form(dorm=field() | inner))).faults] == ["too_deep"]


def test_a_part_that_is_used_twice_may_be_written_once():
    """A reference to a part of the same form, which refers no further."""
    shared = form(home={"title": "家", "$ref": "#/$defs/place"}, dorm={"title": "宿舍", "$ref": "#/$defs/place"})
    assert read_form(json.dumps(shared | {"$defs": {"place": field()}})).faults == ()
