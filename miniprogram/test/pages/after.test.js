/** The form, the review, and the student's rights. */

const { Phone, problem } = require("../phone");
const { open, settle, tap, text, type } = require("../pages");
const { BASICS, GIVEN, campaign, submission } = require("../samples");

let phone;
const CONFIRM = "POST /v1/submissions";
const state = () => phone.storage.get("idphoto.flow");
const atProfile = () => phone.storage.set("idphoto.flow", { step: "profile", target: { kind: "campaign", id: "cp_1", name: "采集" }, selfie: null, photo: { id: "ph_1" } });
const pick = (view, pointer, value) => view.page.onChoice({ currentTarget: { dataset: { pointer } }, detail: { value } });

beforeEach(() => {
  phone = new Phone().answers({
    "GET /v1/campaigns/cp_1": campaign(), "GET /v1/campaigns": { campaigns: [campaign()] }, "GET /v1/submissions": { submissions: [] }, "GET /v1/consents": GIVEN,
    "GET /v1/campaigns/cp_1/draft": { profile: {}, saved_at: null, errors: [] }, "PUT /v1/campaigns/cp_1/draft": { profile: {} }, "GET /v1/me/notices": { notices: [] },
    [CONFIRM]: { status: 201, body: submission("submitted") },
  });
});

/** Fill in one guardian. */
async function fill(view, number = "11010519491231002X") {
  await type(view, ".field__input", "张大示", 0);
  pick(view, "/guardians/0/relation", "0");
  pick(view, "/guardians/0/id_type", "0");
  view.page.onText({ currentTarget: { dataset: { pointer: "/guardians/0/id_number", index: 4 } }, detail: { value: number } });
}

test("an empty form is not sent: every missing field is marked", async () => {
  atProfile();
  const view = await open(phone, "profile");
  await tap(view, "提交审核");
  expect(text(view)).toMatch(/有 4 处需要修改/);
  expect(view.querySelectorAll(".field--bad")).toHaveLength(4);
  expect(phone.count(CONFIRM)).toBe(0);
});

test("a filled form is sent with the photo, and its draft is thrown away", async () => {
  atProfile();
  const view = await open(phone, "profile");
  await fill(view);
  expect(phone.storage.get("idphoto.drafts").cp_1.value.guardians[0].name).toBe("张大示");
  await tap(view, "提交审核");
  expect(phone.last(CONFIRM).data).toEqual({
    photo: "ph_1", campaign: "cp_1",
    profile: { guardians: [{ name: "张大示", relation: "父亲", id_type: "居民身份证", id_number: "11010519491231002X" }] },
  });
  expect(phone.place).toBe("/pages/submissions/submissions?fresh=cp_1");
  expect(state().step).toBe("idle");
  expect(phone.storage.get("idphoto.drafts")).toEqual({});
});

test("typing clears the fault under the hand, and a new choice re-decides what is asked", async () => {
  atProfile();
  const view = await open(phone, "profile");
  await fill(view, "110105194912310021");
  await tap(view, "提交审核");
  expect(text(view)).toMatch(/校验码不对/);
  pick(view, "/guardians/0/id_type", "1");
  view.page.onText({ currentTarget: { dataset: { pointer: "/guardians/0/id_number", index: 4 } }, detail: { value: "E12345678" } });
  await settle();
  expect(view.page.data.missing).toBe(0);
  await tap(view, "提交审核");
  expect(phone.last(CONFIRM).data.profile.guardians[0]).toMatchObject({ id_type: "护照", id_number: "E12345678" });
});

test("a second guardian is added, and taken away only when the student is sure", async () => {
  atProfile();
  const view = await open(phone, "profile");
  await tap(view, "＋ 添加监护人");
  expect(text(view)).toMatch(/监护人 1.*监护人 2/);
  expect(text(view)).not.toMatch(/添加监护人/);
  const remove = { currentTarget: { dataset: { pointer: "/guardians/1", title: "监护人 2" } } };
  phone.modalAnswer = false;
  await view.page.onRemove(remove);
  expect(text(view)).toMatch(/监护人 2/);
  phone.modalAnswer = true;
  await view.page.onRemove(remove);
  await settle();
  expect(text(view)).not.toMatch(/监护人 2/);
});

test("the birthplace comes from WeChat's own list, down to the county", async () => {
  phone.answers({ "GET /v1/campaigns/cp_1": campaign({ profile_schema: BASICS }) });
  atProfile();
  const view = await open(phone, "profile");
  view.page.onRegion({ currentTarget: { dataset: { pointer: "/birthplace" } }, detail: { value: ["重庆市", "重庆市", "永川区"] } });
  view.page.onText({ currentTarget: { dataset: { pointer: "/phone", index: 0 } }, detail: { value: "13800000000" } });
  view.page.onSwitch({ currentTarget: { dataset: { pointer: "/boarder" } }, detail: { value: true } });
  await settle();
  expect(text(view)).toMatch(/重庆市 重庆市 永川区/);
  await tap(view, "提交审核");
  expect(phone.last(CONFIRM).data.profile).toEqual({ phone: "13800000000", birthplace: { province: "重庆市", city: "重庆市", county: "永川区" }, boarder: true });
});

test("the server's faults stand under their fields, in its words", async () => {
  atProfile();
  const view = await open(phone, "profile");
  await fill(view);
  phone.answers({ [CONFIRM]: problem(422, "invalid_profile", { body: { errors: [{ pointer: "#/profile/guardians/0/id_number", detail: "号码与姓名不符" }, { pointer: "#/profile", detail: "缺一项" }] } }) });
  await tap(view, "提交审核");
  expect(view.page.data.rows.find(({ pointer }) => pointer === "/guardians/0/id_number").error).toBe("号码与姓名不符");
  expect(text(view)).toMatch(/detail of invalid_profile.*缺一项/);
});

test("a photo that fits no longer leads to a retake, a second submission to the review", async () => {
  atProfile();
  const view = await open(phone, "profile");
  await fill(view);
  phone.answers({ [CONFIRM]: problem(409, "photo_not_ready") });
  await tap(view, "提交审核");
  expect(text(view)).toMatch(/重新拍照/);
  view.page.onWay();
  expect(phone.place).toBe("/pages/capture/capture");
});

test("what the server keeps need not be typed again; leaving the form leaves the draft there and not on the phone", async () => {
  atProfile();
  phone.answers({ "GET /v1/campaigns/cp_1/draft": { profile: { guardians: [{ name: "王大示" }] }, saved_at: null, errors: [] } });
  const view = await open(phone, "profile");
  expect(view.page.data.rows[1].value).toBe("王大示");
  await type(view, ".field__input", "赵大示", 0);
  view.page.onHide();
  await settle();
  expect(phone.last("PUT /v1/campaigns/cp_1/draft").data).toEqual({ profile: { guardians: [{ name: "赵大示" }] } });
  expect(phone.storage.get("idphoto.drafts")).toEqual({});
});

test("where the draft cannot be left with the server, the phone keeps it", async () => {
  atProfile();
  phone.answers({ "PUT /v1/campaigns/cp_1/draft": "offline" });
  const view = await open(phone, "profile");
  await type(view, ".field__input", "赵大示", 0);
  view.page.onUnload();
  await settle();
  const again = await open(phone, "profile");
  expect(again.page.data.rows[1].value).toBe("赵大示");
});

test("the student's own phone number comes from WeChat with one tap, or is typed", async () => {
  phone.answers({ "GET /v1/campaigns/cp_1": campaign({ profile_schema: BASICS }), "POST /v1/me/phone": { phone_number: "13800000000" } });
  atProfile();
  const view = await open(phone, "profile");
  expect(text(view)).toMatch(/使用微信绑定的手机号/);
  const press = (detail) => view.page.onPhone({ currentTarget: { dataset: { pointer: "/phone" } }, detail });
  await press({ errMsg: "getPhoneNumber:fail user deny" });
  expect(phone.count("POST /v1/me/phone")).toBe(0);
  await press({ code: "phone-code" });
  expect(view.page.data.rows[0].value).toBe("13800000000");
});

test("the review's outcome is announced by WeChat to who agrees, and the server is told which", async () => {
  phone.answers({
    "GET /v1/submissions": { submissions: [submission("submitted")] }, "POST /v1/me/notices": { status: 204, body: "" },
    "GET /v1/me/notices": { notices: [{ kind: "returned", template_id: "t-1", credits: 0 }, { kind: "approved", template_id: "t-2", credits: null }, { kind: "closing", template_id: "t-3", credits: 0 }] },
  });
  phone.subscribeAnswer = { "t-1": "accept", "t-2": "reject" };
  const view = await open(phone, "submissions");
  await tap(view, "有审核结果时通知我");
  expect(phone.subscribed).toEqual(["t-1", "t-2"]);
  expect(phone.last("POST /v1/me/notices").data).toEqual({ accepted: ["t-1"] });
  expect(text(view)).toMatch(/微信会通知您/);
});

test("who wants no messages sends nothing and is told where to look", async () => {
  phone.answers({ "GET /v1/submissions": { submissions: [submission("submitted")] }, "GET /v1/me/notices": { notices: [{ kind: "returned", template_id: "t-1", credits: 0 }] } });
  const view = await open(phone, "submissions");
  await tap(view, "有审核结果时通知我");
  expect(phone.count("POST /v1/me/notices")).toBe(0);
  expect(text(view)).toMatch(/没有开启提醒/);
});

test("a wrong record is told to the office, and its answer read", async () => {
  const answered = { id: "re_1", campaign: "cp_1", about: "major", message: "应为软件技术", created_at: "2026-01-01T00:00:00Z", settled_at: "2026-01-02T00:00:00Z", answer: "已更正" };
  phone.answers({ "GET /v1/campaigns/cp_1/record-errors": { record_errors: [answered] }, "POST /v1/campaigns/cp_1/record-errors": { status: 201, body: answered } });
  const view = await open(phone, "record", { id: "cp_1" });
  expect(text(view)).toMatch(/专业已处理应为软件技术老师：已更正/);
  await tap(view, "告诉老师");
  expect(text(view)).toMatch(/请选择哪一项有误/);
  view.page.onAbout({ detail: { value: "7" } });
  await type(view, ".field__input", " 我是新转入的学生 ", 1);
  await tap(view, "告诉老师");
  expect(phone.last("POST /v1/campaigns/cp_1/record-errors").data).toEqual({ about: "missing", message: "我是新转入的学生" });
});

test("the review tells why a photo came back, and offers another while the window is open", async () => {
  phone.answers({ "GET /v1/submissions": { submissions: [submission("returned", { reason: "刘海遮住了眉毛", decided_at: "2026-03-01T00:00:00Z" })] } });
  const view = await open(phone, "submissions");
  expect(text(view)).toMatch(/已退回.*刘海遮住了眉毛.*审核 2026-03-01 08:00:00/);
  await tap(view, "重新拍照");
  expect(phone.place).toBe("/pages/campaign/campaign?id=cp_1");
});

test("after the window a returned photo leads to the counsellor; an older submission offers nothing", async () => {
  const late = [submission("returned", { created_at: "2026-02-01T00:00:00Z" }), submission("returned", { id: "sb_0", created_at: "2026-01-01T00:00:00Z" })];
  phone.answers({ "GET /v1/submissions": { submissions: late }, "GET /v1/campaigns": { campaigns: [campaign({ window: "closed" })] } });
  const view = await open(phone, "submissions");
  expect(view.page.data.submissions.map(({ again, late: over }) => [again, over])).toEqual([[false, true], [false, false]]);
});

test("nothing submitted is said in words", async () => {
  expect(text(await open(phone, "submissions"))).toMatch(/还没有提交过照片/);
});

test("the texts can be read again and taken back, with all that rests on them", async () => {
  phone.storage.set("idphoto.flow", { step: "sending", target: { name: "x" }, selfie: { path: "kept:a", key: "k" }, photo: null });
  phone.files.add("kept:a");
  phone.answers({ "DELETE /v1/consents/face_photo-1": { status: 204, body: "" } });
  const view = await open(phone, "privacy");
  await view.page.onWithdraw({ currentTarget: { dataset: { index: 1 } } });
  expect(phone.modal).toMatchObject({ title: "撤回“title of face_photo”？" });
  expect(phone.count("DELETE /v1/consents/face_photo-1")).toBe(1);
  expect(phone.files.has("kept:a")).toBe(false);
  expect(state()).toBeUndefined();
});

test("the export goes to the clipboard only when the student is sure", async () => {
  phone.answers({ "GET /v1/me/export": { student: { id: "st_1" } } });
  phone.modalAnswer = false;
  const view = await open(phone, "privacy");
  await tap(view, "导出我的数据");
  expect(phone.clipboard).toBeUndefined();
  phone.modalAnswer = true;
  await tap(view, "导出我的数据");
  expect(JSON.parse(phone.clipboard)).toEqual({ student: { id: "st_1" } });
});

test("erasing everything leaves nothing on the phone either", async () => {
  phone.answers({ "POST /v1/me/erase": { status: 204, body: "" } });
  phone.storage.set("idphoto.drafts", { cp_1: { value: {}, at: Date.now() } });
  const view = await open(phone, "privacy");
  await tap(view, "删除我的全部数据");
  expect(phone.count("POST /v1/me/erase")).toBe(1);
  expect([...phone.storage.keys()]).toEqual([]);
  expect(text(view)).toMatch(/已全部删除/);
});

test("a student who hesitates erases nothing", async () => {
  phone.modalAnswer = false;
  const view = await open(phone, "privacy");
  await tap(view, "删除我的全部数据");
  expect(phone.count("POST /v1/me/erase")).toBe(0);
});
