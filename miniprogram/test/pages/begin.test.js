/** From the home page to the camera: what is shown, what is asked, what is refused. */

const { Phone, problem } = require("../phone");
const { open, tap, text, type } = require("../pages");
const { BASICS, CONSENTS, GIVEN, ONE_INCH, PERSON, SPEC, campaign, submission } = require("../samples");

let phone;
const state = () => phone.storage.get("idphoto.flow");
const kept = (step, more) => phone.storage.set("idphoto.flow", { step, target: { kind: "campaign", id: "cp_1", name: "学籍照片采集" }, selfie: null, photo: null, ...more });

beforeEach(() => {
  phone = new Phone().answers({
    "GET /v1/specs": { specs: [SPEC, ONE_INCH] }, "GET /v1/specs/hunan-pretco": SPEC, "GET /v1/specs/one-inch": ONE_INCH,
    "GET /v1/campaigns": { campaigns: [campaign()] }, "GET /v1/campaigns/cp_1": campaign(), "GET /v1/submissions": { submissions: [] }, "GET /v1/consents": CONSENTS,
  });
});

test("home shows campaigns with their deadline and every spec with its facts", async () => {
  const view = await open(phone, "home");
  expect(text(view)).toMatch(/学籍照片采集.*截止.*进行中/);
  expect(text(view)).toMatch(/一寸照.*295×413 px · 300 dpi/);
});

test("searching by pinyin initials finds the spec; a word nobody knows says so", async () => {
  const view = await open(phone, "home");
  await type(view, ".search", "ycz");
  expect(view.querySelectorAll(".spec")).toHaveLength(1);
  await type(view, ".search", "护照");
  expect(text(view)).toMatch(/没有找到“护照”/);
});

test("without a network home says so, keeps the specs out of blame, and tries again on request", async () => {
  phone.answers({ "GET /v1/specs": "offline" });
  const view = await open(phone, "home");
  expect(text(view)).toMatch(/网络不通/);
  phone.answers({ "GET /v1/specs": { specs: [SPEC] } });
  await view.page.retry();
  expect(text(view)).toMatch(/湖南高校英语应用能力考试/);
  expect(text(view)).not.toMatch(/网络不通/);
});

test("in development, where WeChat cannot answer, one may enter by name", async () => {
  phone.answers({ "POST /v1/auth/wechat": problem(503, "wechat_unavailable"), "POST /v1/auth/dev": { access_token: "a", refresh_token: "r", expires_in: 60, student: { id: "s" } } });
  const view = await open(phone, "home");
  expect(text(view)).toMatch(/本机试用/);
  await type(view, ".field__input", "张示例");
  await tap(view, "进入");
  expect(phone.last("POST /v1/auth/dev").data).toEqual({ name: "张示例" });
  expect(text(view)).toMatch(/进行中/);
});

test("home offers to go on with what was begun", async () => {
  kept("waiting", { photo: { id: "ph_1" } });
  const view = await open(phone, "home");
  expect(text(view)).toMatch(/有一张照片还没有完成/);
  view.page.onResume();
  expect(phone.place).toBe("/pages/progress/progress");
});

test("a class poster's code leads straight to its campaign", async () => {
  await open(phone, "home", { scene: encodeURIComponent("hunan-pretco") });
  expect(phone.place).toBe("/pages/campaign/campaign?id=cp_1");
});

test("a campaign tells its window, what the photo must be, and what else is asked", async () => {
  phone.answers({ "GET /v1/campaigns/cp_1": campaign({ profile_schema: BASICS }) });
  const view = await open(phone, "campaign", { id: "cp_1" });
  expect(text(view)).toMatch(/距离截止还有/);
  expect(text(view)).toMatch(/180×240 px/);
  expect(text(view)).toMatch(/手机号.*出生地.*是否住校（选填）/);
  view.page.onUnload();
});

test("before the first photo the consents come first, then who the student is", async () => {
  const view = await open(phone, "campaign", { id: "cp_1" });
  await tap(view, "开始拍照");
  expect(phone.place).toBe("/pages/consent/consent?next=/pages/identity/identity");
  expect(state().step).toBe("identity");
  view.page.onUnload();
});

test("who has agreed and is known goes straight to the camera", async () => {
  phone.answers({ "GET /v1/consents": GIVEN, "GET /v1/campaigns/cp_1": campaign({ bound: true }) });
  const view = await open(phone, "campaign", { id: "cp_1" });
  await tap(view, "开始拍照");
  expect(phone.place).toBe("/pages/capture/capture");
  view.page.onUnload();
});

test("a spec alone needs no list of names", async () => {
  phone.answers({ "GET /v1/consents": GIVEN });
  const view = await open(phone, "campaign", { spec: "one-inch" });
  await tap(view, "开始拍照");
  expect(phone.place).toBe("/pages/capture/capture");
  expect(state().target).toMatchObject({ kind: "spec", id: "one-inch" });
});

test("after the window has closed nothing can be begun, by the server's clock", async () => {
  phone.answers({ "GET /v1/campaigns/cp_1": campaign({ ends_at: "2020-01-01T00:00:00Z", window: "closed" }) });
  const view = await open(phone, "campaign", { id: "cp_1" });
  expect(text(view)).toMatch(/已经截止/);
  expect(view.querySelectorAll(".btn--primary")).toHaveLength(0);
  view.page.onUnload();
});

test("who has submitted is led to the review, who was sent back may take another", async () => {
  phone.answers({ "GET /v1/submissions": { submissions: [submission("submitted")] } });
  const view = await open(phone, "campaign", { id: "cp_1" });
  await tap(view, "查看审核状态");
  expect(phone.place).toMatch(/submissions/);
  phone.answers({ "GET /v1/submissions": { submissions: [submission("returned", { reason: "刘海遮住了眉毛" })] } });
  await view.page.load();
  expect(text(view)).toMatch(/刘海遮住了眉毛/);
  expect(view.page.data.button).toBe("重新拍照");
  view.page.onUnload();
});

test("each text is agreed to by its own tick; without both nothing goes on", async () => {
  phone.answers({ "POST /v1/consents": { status: 201, body: {} } });
  const view = await open(phone, "consent", { next: "/pages/identity/identity" });
  await tap(view, "同意并继续");
  expect(text(view)).toMatch(/请阅读并勾选后再继续/);
  expect(phone.count("POST /v1/consents")).toBe(0);
  for (const index of [0, 1]) view.page.onTick({ currentTarget: { dataset: { index } } });
  await tap(view, "同意并继续");
  expect(phone.asked.filter(({ route }) => route === "POST /v1/consents").map(({ data }) => data.id)).toEqual(["privacy-1", "face_photo-1"]);
  expect(phone.place).toBe("/pages/identity/identity");
});

test("who does not agree is told the other way, and nothing is sent", async () => {
  const view = await open(phone, "consent");
  await tap(view, "我不同意");
  expect(text(view)).toMatch(/不同意也没关系.*照相点/);
  expect(phone.asked.filter(({ route }) => route.startsWith("POST /v1/consents"))).toEqual([]);
});

test("an ID number with a wrong check digit is caught while typing and never sent", async () => {
  kept("identity");
  const view = await open(phone, "identity");
  await type(view, ".field__input", PERSON.name, 0);
  await type(view, ".field__input", "110105194912310021", 1);
  expect(text(view)).toMatch(/校验码不对/);
  await tap(view, "核对并继续");
  expect(phone.count("POST /v1/me/identity")).toBe(0);
});

test("the right person goes on to the camera, and name and number leave the page", async () => {
  kept("identity");
  phone.answers({ "POST /v1/me/identity": { campaign: "cp_1" }, "GET /v1/consents": GIVEN });
  const view = await open(phone, "identity");
  await type(view, ".field__input", PERSON.name, 0);
  await type(view, ".field__input", PERSON.number, 1);
  expect(text(view)).toMatch(/号码校验正确/);
  await tap(view, "核对并继续");
  expect(phone.last("POST /v1/me/identity").data).toEqual({ campaign: "cp_1", name: PERSON.name, id_number: PERSON.number });
  expect(phone.place).toBe("/pages/capture/capture");
  expect([view.page.data.name, view.page.data.number]).toEqual(["", ""]);
  expect(JSON.stringify([...phone.storage.values()])).not.toContain(PERSON.number);
});

test("who proves to be under 14 is led to the guardian's consent, which takes the guardian's name", async () => {
  kept("identity");
  phone.answers({ "POST /v1/me/identity": { campaign: "cp_1" }, "GET /v1/consents": { consents: [...GIVEN.consents, { ...CONSENTS.consents[0], id: "guardian-1", kind: "guardian" }] }, "POST /v1/consents": { status: 201, body: {} } });
  const view = await open(phone, "identity");
  await type(view, ".field__input", PERSON.name, 0);
  await type(view, ".field__input", PERSON.number, 1);
  await tap(view, "核对并继续");
  expect(phone.place).toBe("/pages/consent/consent?next=/pages/capture/capture");
  const consent = await open(phone, "consent", { next: "/pages/capture/capture" });
  consent.page.onTick({ currentTarget: { dataset: { index: 0 } } });
  await tap(consent, "同意并继续");
  expect(text(consent)).toMatch(/请填写监护人的姓名和关系/);
  for (const [name, value] of [["name", "张大示"], ["relation", "母亲"]]) consent.page.onGuardian({ currentTarget: { dataset: { name } }, detail: { value } });
  await tap(consent, "同意并继续");
  expect(phone.last("POST /v1/consents").data).toEqual({ id: "guardian-1", guardian: { name: "张大示", relation: "母亲" } });
});

test("who is not on the list is told whom to ask", async () => {
  kept("identity");
  phone.answers({ "POST /v1/me/identity": problem(422, "identity_mismatch") });
  const view = await open(phone, "identity");
  await type(view, ".field__input", PERSON.name, 0);
  await type(view, ".field__input", PERSON.number, 1);
  await tap(view, "核对并继续");
  expect(text(view)).toMatch(/detail of identity_mismatch.*联系辅导员核对/);
});
