"""A class with photos to review: people of a fictional roster, each with a photo handed in."""

from web_world import PROFILE, World, made_selfie

from api.domain.id_number import check_digit
from api.domain.roster import Person

SOFTWARE = ("软件学院", "2022", "软件技术", "软件2201班")
CERAMICS = ("陶瓷学院", "2022", "陶瓷设计与工艺", "陶瓷2202班")
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏"


def person(number: int, place: tuple[str, ...] = SOFTWARE) -> Person:
    """Make somebody who does not exist: their region is a whole province's code."""
    body = f"43000020040{1 + number // 28:d}{1 + number % 28:02d}{500 + number % 400:03d}"
    college, grade, major, class_ = place
    return Person(
        name=f"{SURNAMES[number % len(SURNAMES)]}示例{number // len(SURNAMES) or ''}",
        id_number=body + check_digit(body),
        student_number=f"S{2022500 + number}",
        college=college,
        grade=grade,
        major=major,
        class_=class_,
    )


def hand_in(
    world: World, count: int, *, place: tuple[str, ...] = SOFTWARE, first: int = 0, doubted: int = 0
) -> list[str]:
    """Have `count` people of a class hand a photo in, the first `doubted` of them with a warning; return the ids."""
    house = world.house
    people = [person(first + number, place) for number in range(count)]
    house.import_roster("hunan-pretco", people)
    ids = []
    for number, one in enumerate(people):
        student = house.login_as_developer(f"student-{first + number}").student.id
        for text in house.list_consents(student):
            house.give_consent(student, text.id)
        house.bind_identity(student, campaign="hunan-pretco", name=one.name, id_number=one.id_number)
        world.renderer.verdict = "warn" if number < doubted else "pass"
        photo = house.submit_selfie(
            student, selfie=made_selfie(), spec="hunan-pretco", campaign=None, idempotency_key=None
        ).photo
        house.render_photo(photo.id)
        house.await_photo(student, photo.id, seconds=20)  # where a kitchen was quicker
        ids.append(house.confirm(student, photo=photo.id, campaign="hunan-pretco", profile=PROFILE).id)
        world.clock.sleep(0.002)
        if number % 2 == 0:
            house.review.make_exhibit(photo.id)
    world.renderer.verdict = "pass"
    return ids
