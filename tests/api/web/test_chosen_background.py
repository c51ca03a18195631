"""Backgrounds that a student chooses, and the list of a student's photos."""

from web_world import Student, World, made_selfie

BLUE = "#438EDB"


def test_the_catalogue_says_which_backgrounds_may_be_chosen(world: World) -> None:
    """The first is the spec's own; a school's strict spec has no others."""
    one_inch = world.client().get("/v1/specs/one-inch").get_json()
    assert one_inch["backgrounds"][0] == one_inch["background"] == "#FFFFFF"
    assert BLUE in one_inch["backgrounds"]
    assert world.client().get("/v1/specs/hunan-pretco").get_json()["backgrounds"] == ["#FFFFFF"]


def test_the_chosen_background_reaches_the_photo_service(world: World, zhang: Student) -> None:
    """However its letters are written; without a choice the spec's own is left to it."""
    asked: list[str | None] = []
    render = world.renderer.render

    def hear(selfie: bytes, *, spec: str, source: str, background: str | None = None) -> object:
        asked.append(background)
        return render(selfie, spec=spec, source=source)

    world.renderer.render = hear  # type: ignore[method-assign,assignment]  # the fake listens
    zhang.ready_photo(spec="one-inch", background=BLUE.lower())
    zhang.ready_photo(spec="one-inch")
    assert asked == [BLUE, None]


def test_a_background_the_spec_does_not_offer_is_refused(zhang: Student) -> None:
    """Also one that is no colour at all."""
    for wish in ("#00FF00", "transparent", "radial:#FFFFFF,#438EDB", ""):
        answer = zhang.upload(spec="one-inch", background=wish)
        assert (answer.status_code, answer.get_json()["code"]) == (422, "background_not_offered")


def test_a_campaigns_background_is_the_schools(zhang: Student) -> None:
    """It is never chosen, even where it would be the same."""
    campaign = zhang.bind()
    answer = zhang.upload(campaign=campaign, background="#FFFFFF")
    assert answer.get_json()["code"] == "background_not_offered"


def test_the_same_key_with_another_background_is_another_wish(zhang: Student) -> None:
    """The student is told rather than given the first colour again."""
    selfie = made_selfie()
    assert zhang.upload(selfie, key="k1", spec="one-inch", background=BLUE).status_code == 202
    assert zhang.upload(selfie, key="k1", spec="one-inch", background=BLUE).status_code == 202
    answer = zhang.upload(selfie, key="k1", spec="one-inch")
    assert (answer.status_code, answer.get_json()["code"]) == (409, "idempotency_conflict")


def test_a_student_sees_their_own_photos_newest_first(world: World, zhang: Student, li: Student) -> None:
    """Nobody else's, and none that was deleted."""
    first = zhang.ready_photo(spec="one-inch")
    world.clock.sleep(60)
    second = zhang.ready_photo(spec="two-inch")
    li.ready_photo(spec="one-inch")
    assert [one["id"] for one in zhang.get("/v1/photos").get_json()["photos"]] == [second, first]
    zhang.delete(f"/v1/photos/{first}")
    assert [one["id"] for one in zhang.get("/v1/photos").get_json()["photos"]] == [second]
