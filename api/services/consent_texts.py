"""The texts students agree to. A changed word is a new version: never edit one that was shown."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from api.domain.consent import ConsentKind, ConsentText

TEXTS: tuple[ConsentText, ...] = (
    ConsentText(
        id="privacy-1",
        kind=ConsentKind.PRIVACY,
        version=1,
        title="个人信息处理告知",
        body=(
            "为了替你采集并提交证件照，学校会处理你的姓名、身份证号、学号、院系班级，以及你在采集批次里填写的信息。"
            "这些信息加密保存在学校自己的服务器上，只用于核对身份、审核照片和交给学校的教务、学工系统，不向其他第三方提供。"
            "你可以随时查看、导出、删除这些信息，或撤回同意；撤回后，已提交的照片会同时撤回。"
            "不想在线办理的，可以到学校指定的照相点拍摄，效果相同。"
        ),
    ),
    ConsentText(
        id="face_photo-1",
        kind=ConsentKind.FACE_PHOTO,
        version=1,
        title="人脸照片单独同意",
        body=(
            "证件照是含有人脸的照片，属于敏感个人信息，需要你单独同意。"
            "我们只用它制作符合规格的证件照：检测人脸的位置和姿态、替换背景、裁剪，不做身份识别，不提取人脸特征值。"
            "原始自拍最多保存 7 天，没有提交的证件照最多保存 30 天，到期自动删除；照片加密保存，不发给任何第三方服务。"
            "如果你未满 14 周岁，请由监护人阅读并同意。你可以随时撤回同意，撤回后照片会立即删除。"
        ),
    ),
    ConsentText(
        id="guardian-1",
        kind=ConsentKind.GUARDIAN,
        version=1,
        title="监护人同意",
        body=(
            "名单显示这名学生未满 14 周岁。请由监护人本人阅读上面两份告知，并填写监护人的姓名和与学生的关系。"
            "监护人同意后，学校才会处理学生的人脸照片，用途、保存时间和权利与上面两份告知相同；"
            "监护人的姓名加密保存，只用来证明这次同意。监护人可以随时撤回，撤回后照片会立即删除。"
            "不同意的，可以到学校指定的照相点拍摄，效果相同。"
        ),
    ),
)

_TO_WECHAT = (
    "学校请微信（深圳市腾讯计算机系统有限公司）检查提交的证件照有没有违规内容：微信会从学校的服务器取走这张照片，"
    "并得到你在本小程序的微信标识；检查结果只给辅导员参考。"
)

TEXTS_WITH_MEDIA_CHECK: tuple[ConsentText, ...] = tuple(
    text
    if text.kind is ConsentKind.GUARDIAN
    else replace(
        text,
        id=f"{text.kind.value}-2",
        version=2,
        body=text.body.replace("不向其他第三方提供。", f"除此以外只向微信提供下面这一项。{_TO_WECHAT}").replace(
            "不发给任何第三方服务。", f"除了微信的内容检查，不发给任何第三方服务。{_TO_WECHAT}"
        ),
    )
    for text in TEXTS
)
"""Asked for where WeChat looks at submitted photos: what students agreed to before does not allow that."""

ALL_TEXTS: tuple[ConsentText, ...] = (*TEXTS, *(text for text in TEXTS_WITH_MEDIA_CHECK if text not in TEXTS))


def text_sha256(text: ConsentText) -> str:
    """Return the digest of the words themselves, to prove what was agreed to."""
    return hashlib.sha256(f"{text.title}\n{text.body}".encode()).hexdigest()


def find_text(text_id: str, *, among: Sequence[ConsentText] = TEXTS) -> ConsentText | None:
    """Return the offered text of that id, None where there is none."""
    return next((text for text in among if text.id == text_id), None)
