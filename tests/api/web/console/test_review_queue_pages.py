"""The queue's page, the one-by-one page and the batch, as plain forms: what they show, do, note, and refuse."""

import re

import pytest
from review_people import CERAMICS, SOFTWARE, hand_in, person
from web_world import Staff, World

from api.domain.audit import AuditFilter
from api.domain.reviewer import Scope
from api.domain.submission import SubmissionState
from api.web.console.review_reasons import COMMON
from photo_service.codes import FindingCode

SCOPE = (Scope(class_="软件2201班"),)


@pytest.fixture
def li(world: World) -> Staff:
    """A counsellor of one class."""
    return world.staff(scopes=SCOPE, login="li")


def state_of(world: World, submission: str) -> str:
    return world.house.read_submission("office", submission).submission.state.value


def reason_of(world: World, submission: str) -> str | None:
    return world.house.read_submission("office", submission).submission.reason


def notes(world: World, action: str) -> list:
    with world.house.parts.database.read() as uow:
        found = uow.audit.find(AuditFilter(action=action), before=None, limit=100)
    return [entry for entry in reversed(found) if entry.action == action]


class TestQueue:
    def test_strangers_are_sent_to_the_login(self, world: World):
        """Pages and pictures alike."""
        (one,) = hand_in(world, 1)
        for path in ("/console/review", f"/console/review/{one}", f"/console/submissions/{one}/photo.jpg"):
            assert world.client().get(path).status_code == 302

    def test_the_doubted_come_first_with_their_doubts_in_words(self, world: World, li: Staff):
        """And each photo can be opened and picked."""
        ids = hand_in(world, 3, doubted=0)
        (doubted,) = hand_in(world, 1, first=10, doubted=1)

        page = li.get("/console/review").text

        order = re.findall(r'value="(sb_[^:"]+):1"', page)
        assert order == [doubted, *ids]
        assert "光线不匀" in page
        assert "符合条件 4 份" in page

    def test_filters_offer_what_there_is_with_counts_and_narrow_the_page(self, world: World):
        """Checked values stay checked."""
        hand_in(world, 2)
        (other,) = hand_in(world, 1, place=CERAMICS, first=20, doubted=1)
        office = world.staff("registrar")

        page = office.get("/console/review?college=陶瓷学院").text
        narrow = office.get("/console/review?college=陶瓷学院&finding=uneven_light").text

        assert re.findall(r'name="pick" value="(sb_[^:"]+)', page) == [other]
        assert re.findall(r'name="pick" value="(sb_[^:"]+)', narrow) == [other]
        assert re.search(r'name="college" value="陶瓷学院"[^>]*checked', page)
        assert re.search(r'value="软件学院"(?![^>]*checked)', page)

    def test_pages_of_a_hundred_follow_one_another(self, world: World, li: Staff):
        """The address of the next is on the page, with the filters; the last has none."""
        hand_in(world, 3)
        li_page = world.house.review.show_queue(li.member.reviewer(), _waiting(), limit=2)

        second = li.get(f"/console/review?class=软件2201班&after={li_page.cards[-1].submission_id}").text

        assert len(re.findall(r'name="pick"', second)) == 1
        assert 'id="more"' not in second

    def test_a_page_of_thumbnails_is_one_note_with_the_ids(self, world: World, li: Staff):
        """Not a row for each picture; a picture asked for without its page is a row by itself."""
        ids = hand_in(world, 7)

        page = li.get("/console/review").text
        for address in re.findall(r'src="(/console/submissions/[^"]+)"', page):
            assert li.get(address.replace("&amp;", "&")).status_code == 200

        (entry,) = notes(world, "photos.viewed")
        assert entry.detail["count"] == "7"
        assert {one for key, value in entry.detail.items() if key != "count" for one in value.split()} == set(ids)
        assert notes(world, "photo.viewed") == []
        li.get(f"/console/submissions/{ids[0]}/thumb.jpg")
        li.get(f"/console/submissions/{ids[0]}/selfie.jpg")
        assert [one.detail["picture"] for one in notes(world, "photo.viewed")] == ["thumb", "selfie"]

    def test_a_ticket_serves_nobody_else_and_not_for_long(self, world: World, li: Staff):
        """Somebody else's, another photo's, yesterday's, a made-up one: each view is noted."""
        first, second = hand_in(world, 2)
        ticket = re.search(rf"{first}/thumb.jpg\?t=([^\"]+)", li.get("/console/review").text)[1]
        wang = world.staff("registrar", login="wang")

        wang.get(f"/console/submissions/{first}/thumb.jpg?t={ticket}")
        li.get(f"/console/submissions/{second}/thumb.jpg?t={ticket}")
        li.get(f"/console/submissions/{first}/thumb.jpg?t=9999999999.x")
        li.get(f"/console/submissions/{first}/thumb.jpg?t=²²²²")
        world.clock.sleep(901)
        li.get(f"/console/submissions/{first}/thumb.jpg?t={ticket}")

        assert len(notes(world, "photo.viewed")) == 5

    def test_pictures_stay_on_no_disk_and_carry_no_name(self, world: World, li: Staff):
        """Private, not stored, the type is said and kept."""
        (one,) = hand_in(world, 1)

        answer = li.get(f"/console/submissions/{one}/photo.jpg")

        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Content-Disposition" not in answer.headers
        assert li.get(f"/console/submissions/{one}/passport.jpg").status_code == 404

    def test_the_empty_queue_says_so(self, world: World, li: Staff):
        """And what comes next, with the way to what is decided; a filter that nothing fits says just that."""
        empty = li.get("/console/review").text

        assert "现在没有待审核的照片" in empty
        assert "/console/review?state=any" in empty
        assert "还没有给您分配班级" not in empty
        assert "没有符合条件的提交" in li.get("/console/review?state=any").text
        assert li.get("/console/review/start").location == "/console/review"


class TestOne:
    def test_everything_to_decide_by_is_on_the_page(self, world: World, li: Staff):
        """Roster, profile with the form's own titles, findings in words, pictures, history; no whole ID number."""
        (one,) = hand_in(world, 1, doubted=1)

        page = li.get(f"/console/review/{one}").text

        who = person(0)
        for words in (
            who.name,
            who.student_number,
            who.class_,
            "脸部左右亮度略有不同",
            "与本人关系",
            "张大示",
            "E12345678",
        ):
            assert words in page
        assert who.id_number not in page
        assert f"/console/submissions/{one}/selfie.jpg" in page
        assert f"/console/submissions/{one}/explain.jpg" in page
        assert page.count("<h1") == 1

    def test_pictures_that_are_not_there_yet_are_said_to_be_on_their_way(self, world: World, li: Staff):
        """The photo can be judged all the same."""
        _, second = hand_in(world, 2)

        page = li.get(f"/console/review/{second}").text

        assert page.count("正在制作") == 2
        assert "selfie.jpg" not in page

    def test_approving_goes_on_to_the_next_and_offers_an_undo(self, world: World, li: Staff):
        """The filter goes along."""
        first, second = hand_in(world, 2)

        answer = li.post(f"/console/review/{first}/approve?class=软件2201班", {"version": "1"})
        page = li.get(answer.location).text

        assert answer.location.startswith(f"/console/review/{second}?")
        assert "class=" in answer.location
        assert state_of(world, first) == "approved"
        assert f"已通过：{person(0).name}" in page
        assert f'action="/console/review/{first}/undo' in page
        assert [entry.subject for entry in notes(world, "submission.approved")] == [first]

    def test_a_return_joins_prepared_and_own_words_in_chinese(self, world: World, li: Staff):
        """Also for a counsellor who reads English."""
        (one,) = hand_in(world, 1)
        li.http.set_cookie("idphoto_lang", "en", path="/console")

        li.post(f"/console/review/{one}/return", {"version": "1", "reasons": ["light", "ears"], "more": " 谢谢 "})

        assert state_of(world, one) == "returned"
        light, ears, more = reason_of(world, one).split("；")
        assert (ears[:6], light[:5], more) == ("没有露出双耳", "光线太暗、", "谢谢")

    def test_a_return_without_a_reason_or_with_a_book_is_refused_beside_the_form(self, world: World, li: Staff):
        """What was typed and chosen is still there."""
        (one,) = hand_in(world, 1)

        empty = li.post(f"/console/review/{one}/return", {"version": "1"})
        long = li.post(f"/console/review/{one}/return", {"version": "1", "reasons": ["ears"], "more": "长" * 500})

        assert (empty.status_code, long.status_code) == (422, 422)
        assert "请选择或填写原因" in empty.text
        assert "最多 500 个字" in long.text
        assert "长" * 500 in long.text
        assert re.search(r'value="ears"[^>]*checked', long.text)
        assert state_of(world, one) == "submitted"

    def test_an_undo_brings_it_back_and_a_second_one_is_refused_in_words(self, world: World, li: Staff):
        """Nothing breaks when somebody presses twice."""
        (one,) = hand_in(world, 1)
        li.post(f"/console/review/{one}/approve", {"version": "1"})

        first = li.post(f"/console/review/{one}/undo", {"version": "2"})
        second = li.post(f"/console/review/{one}/undo", {"version": "2"}, follow_redirects=True)

        assert first.location == f"/console/review/{one}"
        assert state_of(world, one) == "submitted"
        assert second.status_code == 200
        assert "已被别人处理" in second.text

    def test_somebody_elses_decision_shows_as_such_and_the_queue_moves_on(self, world: World, li: Staff):
        """Li decides on what Wang has just returned: nothing is overwritten."""
        first, second = hand_in(world, 2)
        wang = world.staff("registrar", login="wang")
        wang.post(f"/console/review/{first}/return", {"version": "1", "reasons": ["ears"]})

        answer = li.post(f"/console/review/{first}/approve", {"version": "1"})
        page = li.get(answer.location).text

        assert answer.location.startswith(f"/console/review/{second}")
        assert "测试wang" in page
        assert "您的操作没有执行" in page
        assert state_of(world, first) == "returned"

    def test_an_approval_is_revoked_with_a_reason(self, world: World, li: Staff):
        """By the counsellor in scope; without one, or with a book, it is refused beside the form."""
        (one,) = hand_in(world, 1)
        li.post(f"/console/review/{one}/approve", {"version": "1"})

        refused = li.post(f"/console/review/{one}/revoke", {"version": "2", "more": "长" * 501})
        done = li.post(f"/console/review/{one}/revoke", {"version": "2", "more": "学籍已注销"})

        assert refused.status_code == 422
        assert done.location == f"/console/review/{one}"
        assert (state_of(world, one), reason_of(world, one)) == ("revoked", "学籍已注销")
        again = li.post(f"/console/review/{one}/revoke", {"version": "3", "more": "再来"}, follow_redirects=True)
        assert again.status_code == 200
        assert "您的操作没有执行" in again.text

    def test_at_the_end_it_is_said(self, world: World, li: Staff):
        """The last one stays on the screen, with its undo."""
        (one,) = hand_in(world, 1)

        answer = li.post(f"/console/review/{one}/approve", {"version": "1"})
        page = li.get(answer.location).text

        assert "这一批已经看完了" in page
        assert f'action="/console/review/{one}/undo' in page


class TestBatch:
    def test_a_batch_is_summed_up_before_and_after(self, world: World, li: Staff):
        """How many, which classes, how many doubted; then what came of it, with an undo."""
        ids = hand_in(world, 4, doubted=1)
        picks = [f"{one}:1" for one in ids]

        before = li.post("/console/review/batch", {"intent": "approve", "pick": picks})
        after = li.post("/console/review/batch/approve", {"pick": picks})

        assert "将通过 4 份" in before.text
        assert "其中 1 份有检查提示" in before.text
        assert re.search(r"软件2201班</td><td class=\"num\">4</td>", before.text)
        assert "确认通过 4 份" in before.text
        assert "已通过 4 份" in after.text
        assert {state_of(world, one) for one in ids} == {"approved"}
        back = li.post("/console/review/batch/undo", {"pick": re.findall(r'name="pick" value="([^"]+)"', after.text)})
        assert "已撤销 4 份" in back.text
        assert {state_of(world, one) for one in ids} == {"submitted"}

    def test_each_refusal_says_why_and_stops_none_of_the_others(self, world: World, li: Staff):
        """Wang was quicker with one, one is of another class."""
        first, second = hand_in(world, 2)
        (stranger,) = hand_in(world, 1, place=CERAMICS, first=20)
        wang = world.staff("registrar", login="wang")
        wang.post(f"/console/review/{first}/return", {"version": "1", "reasons": ["ears"]})
        picks = [f"{first}:1", f"{second}:1", f"{stranger}:1"]

        before = li.post("/console/review/batch", {"intent": "approve", "pick": picks}).text
        after = li.post("/console/review/batch/approve", {"pick": picks}).text

        assert "1 份在您选择后状态已变" in before
        assert "1 份不在您的审核范围" in before
        assert "确认通过 1 份" in before
        assert "2 份没有执行" in after
        assert "测试wang" in after
        assert person(20).name not in after
        assert [state_of(world, one) for one in (first, second, stranger)] == ["returned", "approved", "submitted"]

    def test_a_batch_is_returned_with_one_reason(self, world: World, li: Staff):
        """And without one the summary comes back with what is missing."""
        ids = hand_in(world, 2)
        picks = [f"{one}:1" for one in ids]

        empty = li.post("/console/review/batch/return", {"pick": picks})
        done = li.post("/console/review/batch/return", {"pick": picks, "reasons": ["clothes"], "more": ""})

        assert empty.status_code == 422
        assert "请选择或填写原因" in empty.text
        assert "已退回 2 份" in done.text
        assert len({reason_of(world, one) for one in ids}) == 1

    @pytest.mark.parametrize("form", [{}, {"intent": "approve"}, {"intent": "burn", "pick": ["sb_1:1"]}])
    def test_nothing_picked_is_said(self, world: World, li: Staff, form: dict):
        """Back to the queue, no harm done."""
        hand_in(world, 1)

        answer = li.post("/console/review/batch", form, follow_redirects=True)

        assert answer.status_code == 200
        assert "请先选择" in answer.text

    def test_more_than_may_be_is_refused(self, world: World, li: Staff):
        """501 in one go."""
        answer = li.post("/console/review/batch/approve", {"pick": [f"sb_{number}:1" for number in range(501)]})

        assert answer.status_code == 422


class TestAnotherClass:
    def test_a_counsellor_reaches_nothing_of_another_class(self, world: World, li: Staff):
        """Not by address, not by picture, not by form, not by filter, not by undo; and nothing changes."""
        (other,) = hand_in(world, 1, place=CERAMICS, first=20, doubted=1)
        hand_in(world, 1)
        name = person(20, CERAMICS).name

        for path in (f"/console/review/{other}", *(f"/console/submissions/{other}/{one}.jpg" for one in _PICTURES)):
            assert li.get(path).status_code == 404
        for act in ("approve", "return", "revoke", "undo"):
            assert li.post(f"/console/review/{other}/{act}", {"version": "1", "more": "x"}).status_code == 404
        for query in ("?state=any", "?college=陶瓷学院", "?class=陶瓷2202班&state=any", "?finding=uneven_light"):
            page = li.get(f"/console/review{query}").text
            assert other not in page
            assert name not in page
        assert not re.search(r'value="陶瓷学院"', li.get("/console/review").text)
        assert state_of(world, other) == "submitted"

    def test_the_last_decision_of_another_class_is_not_told(self, world: World, li: Staff):
        """`done` in an address shows nothing that is not theirs."""
        (mine,) = hand_in(world, 1)
        (other,) = hand_in(world, 1, place=CERAMICS, first=20)
        world.house.approve(li.member.name, other)

        page = li.get(f"/console/review/{mine}?done={other}").text

        assert person(20).name not in page

    def test_who_has_no_class_yet_sees_nobody(self, world: World):
        """A new account before the registrar gives it one is told so, on every page, and whom to ask."""
        hand_in(world, 1)
        new = world.staff(login="new")

        assert "没有符合条件的提交" in new.get("/console/review?state=any").text
        for page in ("/console/review", "/console/progress", "/console/records"):
            told = new.get(page).text
            assert "还没有给您分配班级" in told
            assert "请联系教务处，在“人员”里为账号 new 添加负责范围" in told
        assert "还没有给您分配班级" not in world.staff("registrar", login="office").get("/console/review").text


class TestWords:
    @pytest.mark.parametrize("language", ["zh-CN", "en"])
    def test_every_finding_and_every_reason_has_a_name(self, world: World, language: str):
        """Whatever a check finds can be filtered by and read."""
        from api.web.console.words import WORDS

        words = world.app.extensions[WORDS][language]

        assert not [code for code in FindingCode if f"review.finding.{code.value}" not in words]
        assert not [
            key for key in COMMON if f"review.reason.{key}" not in words or f"review.reason_name.{key}" not in words
        ]
        assert not [state for state in SubmissionState if f"review.state.{state.value}" not in words]


_PICTURES = ("photo", "thumb", "selfie", "explain")


def _waiting():
    from api.domain.review_queue import QueueFilter

    return QueueFilter(states=(SubmissionState.SUBMITTED,), classes=(SOFTWARE[3],))
