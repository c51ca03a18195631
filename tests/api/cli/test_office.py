"""The office runs a collection from a terminal: opens it, gives longer, corrects, counts, exports."""

import zipfile

import pytest
from house_fakes import PROFILE


def approved(desk, index=0, name="alice"):
    student, row = desk.world.bound(name, index=index)
    photo = desk.world.ready(student)
    submission = desk.house.confirm(student, photo=photo.id, campaign="hunan-pretco", profile=PROFILE)
    desk.run("review", "approve", submission.id)
    return row


def test_a_campaign_is_opened_from_a_template_in_beijing_time(desk):
    """The end is the notice's own where it gives one; the start must be told where it does not."""
    create = ("campaign", "create", "--template", "hunan-pretco-2023", "--slug", "pretco-2023")
    told = desk.run(*create, expect=2)
    assert told.startswith("Error: window_missing: ")

    made = desk.run(*create, "--starts", "2023-03-20 08:00")
    shown = desk.facts("campaign", "show", "pretco-2023")
    assert "2023-03-20 08:00:00 to 2023-04-03 23:59:59" in made
    assert (shown["window"], shown["ends"], shown["template"]) == ("closed", "2023-04-03 23:59:59", "hunan-pretco-2023")
    assert shown["file name"] == "{id_number}.jpg"
    assert desk.run("campaign", "create", "--template", "cqwu-xuegong-2024", "--slug", "xg").count(
        "2024-12-16 16:00:00"
    )
    assert "is not a Beijing time" in desk.run(*create, "--starts", "soon", expect=2)


def test_students_are_given_longer_by_their_numbers(desk):
    """With until when and why; a number that is not on the roster extends nobody."""
    desk.world.seed()
    extend = ("campaign", "extend", "hunan-pretco", "--until", "2099-01-01 12:00:00", "--reason", "住院")

    assert desk.run(*extend, "S2022001", "S2022002").startswith("2 students may submit until 2099-01-01 12:00:00")
    assert "argument 2" in desk.run(*extend, "S2022001", "S9", expect=2)
    assert "2099-01-01 12:00:00" in desk.facts("campaign", "show", "hunan-pretco")["extensions"]


def test_the_office_counts_and_lists(desk):
    """By class, by name, by day."""
    approved(desk)

    by_class = desk.rows("campaign", "stats", "hunan-pretco", "--by", "class")
    assert [(row["class"], row["people"], row["approved"], row["missing"]) for row in by_class] == [
        ("软件2201班", "2", "1", "1"),
        ("陶瓷2202班", "2", "0", "2"),
    ]
    missing = desk.run("campaign", "stats", "hunan-pretco", "--missing").splitlines()
    assert [line.split("\t")[-1] for line in missing[:-1]] == ["state", "never", "never", "never"]
    assert missing[-1] == "3 missing: 3 never, 0 returned, 0 revoked"
    [day] = desk.rows("campaign", "stats", "hunan-pretco", "--days")
    assert (day["submitted"], day["approved"]) == ("1", "1")


def test_the_missing_are_reminded_by_place_and_those_out_of_reach_listed(desk):
    """A school without a mini-program can reach nobody by WeChat, and is told whom to tell itself."""
    approved(desk)
    told = desk.run("campaign", "remind", "hunan-pretco", "--college", "陶瓷学院")
    head, *lines, counted = desk.run("campaign", "remind", "hunan-pretco", "--list").splitlines()
    listed = [dict(zip(head.split("\t"), line.split("\t"), strict=True)) for line in lines]

    assert told == "0 of 2 missing are told; not told: 2 unbound\n"
    assert {row["name"]: row["reached by"] for row in listed} == dict.fromkeys(
        ("李示例", "王示例", "阿依·示例"), "unbound"
    )
    assert counted == "3 missing: 3 never, 0 returned, 0 revoked"


def test_who_was_given_back_is_told_from_who_never_came(desk):
    """By name, in the counts by place and in the line below the list."""
    student, _ = desk.world.bound("alice", index=0)
    photo = desk.world.ready(student)
    handed = desk.house.confirm(student, photo=photo.id, campaign="hunan-pretco", profile=PROFILE)
    desk.run("review", "return", handed.id, "--reason", "请重拍")
    rows = [line.split("\t") for line in desk.run("campaign", "stats", "hunan-pretco", "--missing").splitlines()]
    [software, ceramics] = desk.rows("campaign", "stats", "hunan-pretco")

    assert {row[5]: row[6] for row in rows[1:-1]}["张示例"] == "returned"
    assert rows[-1] == ["4 missing: 3 never, 1 returned, 0 revoked"]
    assert (software["returned"], software["never"], software["missing"]) == ("1", "1", "2")
    assert (ceramics["never"], ceramics["missing"]) == ("2", "2")


@pytest.mark.parametrize(("layout", "inside"), [("plain", "photos/{}.jpg"), ("cet", "{}.jpg")])
def test_photos_are_exported_with_a_reason_on_record(desk, tmp_path, layout, inside):
    """The ZIP is there, the record too; a second one never overwrites it."""
    row = approved(desk)
    out = tmp_path / "out.zip"
    export = ("export", "hunan-pretco", "-o", str(out), "--layout", layout)
    told = desk.run(*export, "--reason", "报名")

    assert f"1 photos in {out}" in told
    with zipfile.ZipFile(out) as archive:
        assert inside.format(row.id_number) in archive.namelist()
    assert desk.run(*export, "--reason", "报名", expect=2).startswith("Error: file_exists: ")
    [record] = desk.rows("campaign", "exports", "hunan-pretco")
    assert (record["reason"], record["photos"]) == ("报名", "1")
    empty = desk.run("export", "hunan-pretco", "-o", f"{out}2", "--reason", "报名", "--college", "无", expect=2)
    assert empty.startswith("Error: nothing_to_export: ")
    assert "Missing option '--reason'" in desk.run("export", "hunan-pretco", "-o", str(out), expect=2)


def test_a_batch_tells_what_was_decided_and_what_was_not(desk):
    """Two approved, one refused by name, exit status 2."""
    submissions = []
    for index, name in enumerate(["alice", "carol"]):
        student, _ = desk.world.bound(name, index=index)
        photo = desk.world.ready(student)
        submissions.append(desk.house.confirm(student, photo=photo.id, campaign="hunan-pretco", profile=PROFILE).id)

    told = desk.run("review", "approve", *submissions, "sb_none", expect=2)

    assert f"{submissions[0]} approved\n{submissions[1]} approved\n" in told
    assert "sb_none: not_found" in told


def test_dead_letters_are_sent_again_all_at_once(desk):
    """And nothing is, when neither ids nor --all-dead are given."""
    registry = desk.world.seed().registry
    desk.run("registry", "change", registry.id, "--embed-photo")

    assert desk.rows("registry", "list")[0]["embeds photo"] == "yes"
    assert desk.run("deliveries", "replay", "--all-dead") == ""
    assert "--all-dead" in desk.run("deliveries", "replay", expect=2)
