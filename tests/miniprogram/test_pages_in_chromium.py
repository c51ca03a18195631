"""The real pages, clicked through against the running back end, at three widths, in the dark, in large text."""

from collections.abc import Callable

from handset import Handset


def test_a_student_goes_all_the_way_from_home_to_a_returned_and_resubmitted_photo(
    handset_of: Callable[..., Handset],
) -> None:
    """Login by code, consent, identity, reasons, retake, photo, save, form, submit, returned, resubmit, approved."""
    handset = handset_of()
    handset.start()
    handset.sees("学籍照片采集")
    handset.tap_cell("学籍照片采集")
    handset.at("campaign")
    handset.tap("开始拍照")
    handset.agree()
    person = handset.world.person("张示例")
    handset.prove(person.name, person.id_number)
    _be_rejected(handset)
    _pass(handset)
    _save(handset)
    _fill_form(handset)
    _follow_review(handset)


def _be_rejected(handset: Handset) -> None:
    handset.world.renderer.verdict = "fail"
    handset.shoot()
    assert handset.phone("lastShot") == {"selfieMirror": False, "quality": "high"}
    handset.use()
    handset.at("result")
    handset.sees("有 5 处需要调整")
    assert handset.front.locator(".reason").count() == 3
    handset.tap("更多")
    handset.front.locator(".reason").nth(4).wait_for()
    handset.tap("重拍")


def _pass(handset: Handset) -> None:
    handset.world.renderer.verdict = "warn"
    handset.shoot()
    handset.kitchen.clear()
    handset.use()
    handset.sees("马上轮到您")
    handset.page.evaluate("background()")
    handset.page.evaluate("foreground()")
    handset.kitchen.set()
    handset.at("result")
    handset.sees("照片合格")
    handset.sees("180×240 px")
    handset.page.wait_for_selector(".mat__photo")


def _save(handset: Handset) -> None:
    handset.set("saveFault", "saveImageToPhotosAlbum:fail authorize no response")
    handset.tap("保存到相册")
    handset.sees("还没有允许保存到相册")
    handset.tap("去设置")
    handset.sees("已保存到相册")
    handset.tap("发送原文件")
    assert handset.phone("shared")[0]["fileName"] == f"{handset.world.person('张示例').id_number}.jpg"
    assert len(handset.phone("album")) == 1


def _fill_form(handset: Handset) -> None:
    handset.tap("满意，去提交")
    handset.at("profile")
    handset.tap("提交审核")
    handset.sees("有 4 处需要修改")
    handset.type("姓名", "张大示")
    handset.pick("与本人关系", "父亲")
    handset.pick("证件类型", "居民身份证")
    handset.type("证件号码", "11010519491231002X")
    handset.tap("提交审核")
    handset.at("submissions")
    handset.sees("提交成功")


def _follow_review(handset: Handset) -> None:
    house = handset.world.house
    (view,) = house.find_submissions()
    house.return_("staff-1", view.submission.id, "刘海遮住了眉毛，请整理后重拍。")
    handset.tap("刷新审核结果")
    handset.sees("刘海遮住了眉毛")
    handset.tap("重新拍照")
    handset.at("campaign")
    handset.tap("重新拍照")
    handset.world.renderer.verdict = "pass"
    handset.shoot()
    handset.use()
    handset.at("result")
    handset.tap("满意，去提交")
    handset.at("profile")
    assert handset.front.locator("wx-input").get_by_label("姓名").first.input_value() == "张大示"
    handset.tap("提交审核")
    handset.at("submissions")
    again = next(one.submission for one in house.find_submissions() if one.submission.state.value == "submitted")
    house.approve("staff-1", again.id)
    handset.tap("刷新审核结果")
    handset.sees("审核已通过")


def test_every_page_fits_small_phones_dark_rooms_tablets_and_large_text(handset_of: Callable[..., Handset]) -> None:
    """Nothing is cut off, every control is 44 px and has a name."""
    handset = handset_of()
    handset.start()
    handset.sees("学籍照片采集")
    handset.shot("01-home")
    _look_at_the_way_to_the_camera(handset)
    _look_at_the_photo(handset)
    _look_at_the_end(handset)


def _look_at_the_way_to_the_camera(handset: Handset) -> None:
    person = handset.world.person("陈示例")
    handset.tap_cell("学工系统基本信息完善")
    handset.at("campaign")
    handset.sees("距离截止还有")
    handset.shot("02-campaign")
    handset.tap("开始拍照")
    handset.at("consent")
    handset.sees("人脸照片单独同意")
    handset.tap("同意并继续")
    handset.shot("03-consent")
    handset.agree()
    handset.at("identity")
    handset.type("身份证号", "110105194912310021")
    handset.sees("校验码不对")
    handset.shot("04-identity")
    handset.prove(person.name, person.id_number)
    handset.at("capture")
    handset.shot("05-capture")
    handset.tap("打开相机")
    handset.page.wait_for_selector(".stage__hint--ok")
    handset.page.wait_for_timeout(900)
    handset.shot("06-camera")
    handset.tap("取消")


def _look_at_the_photo(handset: Handset) -> None:
    handset.world.renderer.verdict = "fail"
    handset.kitchen.clear()
    handset.shoot()
    handset.shot("07-preview")
    handset.use()
    handset.sees("马上轮到您")
    handset.shot("08-progress")
    handset.kitchen.set()
    handset.at("result")
    handset.sees("这张还不行")
    handset.shot("09-rejected")
    handset.tap("重拍")
    handset.world.renderer.verdict = "warn"
    handset.shoot()
    handset.use()
    handset.at("result")
    handset.page.wait_for_selector(".mat__photo")
    handset.shot("10-ready")


def _look_at_the_end(handset: Handset) -> None:
    handset.tap("满意，去提交")
    handset.at("profile")
    handset.tap("提交审核")
    handset.sees("处需要修改")
    handset.shot("11-profile")
    handset.page.evaluate("window.region = ['重庆市', '重庆市', '永川区']")
    handset.front.locator("wx-picker").get_by_label("出生地").click()
    handset.type("姓名", "陈大示")
    for field in handset.front.locator("wx-input").get_by_label("手机号").all():
        field.fill("13800000000")
    for label, option in (("与本人关系", "母亲"), ("政治面貌", "群众"), ("民族", "汉族")):
        handset.pick(label, option)
    handset.tap("提交审核")
    handset.at("submissions")
    handset.sees("提交成功")
    handset.shot("12-submissions")
    handset.tap("回到首页")
    handset.at("home")
    handset.tap_cell("隐私与我的数据")
    handset.at("privacy")
    handset.sees("人脸照片单独同意")
    handset.shot("13-privacy")
    handset.tap("回到首页")
    handset.tap_cell("学籍照片采集")
    handset.at("campaign")
    handset.tap("学籍信息有误")
    handset.at("record")
    handset.pick("哪一项有误", "名单里没有我")
    handset.type("正确的内容", "我是新转入的学生")
    handset.tap("告诉老师")
    handset.sees("我反映过的")
    handset.shot("14-record")


def test_a_lost_network_is_told_and_mended_without_losing_what_was_done(handset_of: Callable[..., Handset]) -> None:
    """The upload is repeated with the same key; one photo exists in the end."""
    handset = handset_of()
    keys: list[str] = []

    def flaky(route: object) -> None:
        keys.append(route.request.headers["idempotency-key"])
        route.abort() if len(keys) == 1 else route.continue_()

    handset.start()
    handset.type("搜索规格", "一寸照")
    handset.tap_cell("一寸照")
    handset.at("campaign")
    handset.tap("开始拍照")
    handset.agree()
    handset.page.route("**/v1/photos", flaky)
    handset.shoot()
    handset.use()
    handset.at("result")
    handset.sees("照片合格")
    assert len(keys) == 2
    assert keys[0] == keys[1]


def test_a_student_can_export_and_erase(handset_of: Callable[..., Handset]) -> None:
    """The rights are two presses away, and the export is asked about before it leaves."""
    handset = handset_of()
    handset.start()
    handset.sees("进行中")
    handset.tap_cell("隐私与我的数据")
    handset.tap("导出我的数据")
    handset.page.wait_for_function("window.phone.shared.length === 1")
    handset.tap("删除我的全部数据")
    handset.answer("全部删除")
    handset.sees("您的数据已全部删除")
