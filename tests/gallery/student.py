"""The student page from the first look to the photo, as a picture each."""

from collections.abc import Iterator
from typing import Final

from student_phone import Phone

from gallery.school import DrawnRenderer

LOOKING_AT: Final = 10
"""Which of the drawn people is at the camera: one about whom the checks have no doubt."""

VISITORS: Final = {360: "张示例", 768: "李示例", 1440: "王示例"}
"""Who visits on which screen: a place on the roster is one person's."""


def student_pages(phone: Phone, visitor: str) -> Iterator[str]:
    """Go through the states of the page, stopping at each that should be pictured; give its name."""
    renderer = phone.world.renderer
    if not isinstance(renderer, DrawnRenderer):
        raise TypeError("the gallery's world has a renderer of its own")
    phone.selfie.write_bytes(renderer.selfie(LOOKING_AT))
    yield from _to_the_camera(phone, visitor)
    yield from _to_the_photo(phone, renderer)
    yield from _to_the_office(phone)


def _to_the_camera(phone: Phone, visitor: str) -> Iterator[str]:
    phone.page.goto(phone.address)
    phone.at("signin")
    yield "student-1-signin"
    phone.go_in(visitor)
    phone.at("choose")
    yield "student-2-choose"
    phone.page.locator(".pick").first.click()
    phone.at("brief")
    yield "student-2-brief"
    phone.press("开始拍照")
    phone.at("identity")
    person = phone.world.person(visitor)
    phone.page.get_by_label("姓名").fill(person.name)
    phone.page.get_by_label("身份证号").fill(person.id_number)
    yield "student-2-identity"
    phone.press("核对并继续")
    phone.at("capture")
    phone.press("打开相机拍照")
    phone.page.wait_for_selector("video.mirror")
    yield "student-3-camera"
    phone.page.reload()
    phone.at("capture")


def _to_the_photo(phone: Phone, renderer: DrawnRenderer) -> Iterator[str]:
    renderer.verdict = "fail"
    phone.send_selfie()
    phone.page.wait_for_selector("text=这张还不行", timeout=30000)
    yield "student-4-rejected"
    renderer.verdict = "pass"
    phone.press("重拍")
    phone.at("capture")
    phone.send_selfie()
    phone.page.wait_for_selector("text=照片合格", timeout=30000)
    yield "student-5-ready"


def _to_the_office(phone: Phone) -> Iterator[str]:
    phone.press("确认提交")
    phone.at("profile")
    yield "student-6-profile"
    guardian = {"姓名": "张大示", "证件号码": "E12345678"}
    for label, words in guardian.items():
        phone.page.get_by_label(label).first.fill(words)
    phone.page.get_by_label("与本人关系").select_option("父亲")
    phone.page.get_by_label("证件类型").select_option("护照")
    phone.press("提交审核")
    phone.at("done")
    yield "student-7-submitted"
    phone.press("回到首页")
    phone.at("choose")
    phone.press("我的提交与审核（1）")
    phone.at("submissions")
    yield "student-8-submissions"
    phone.press("我的数据")
    phone.at("me")
    yield "student-9-me"
