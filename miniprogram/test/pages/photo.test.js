/** From the camera to the verdict and the album. */

const { Phone, problem } = require("../phone");
const { open, settle, tap, text } = require("../pages");
const { finding, photo, ready, rejected } = require("../samples");

let phone;
const TARGET = { kind: "campaign", id: "cp_1", name: "学籍照片采集", background: "#FFFFFF" };
const SELFIE = { path: "kept:tmp/selfie.jpg", key: "key-1" };
const SEND = "POST /v1/photos";
const READ = "GET /v1/photos/ph_1";
const QUEUED = { status: 202, body: photo("queued", { position: 3 }) };
const state = () => phone.storage.get("idphoto.flow");
const kept = (step, more) => phone.storage.set("idphoto.flow", { step, target: TARGET, selfie: null, photo: null, ...more });

beforeEach(() => {
  phone = new Phone();
});

/** Let the page's pauses pass at once, and remember them. */
const hurry = (pauses = []) => (page) => {
  page.pause = (ms) => { pauses.push(ms); return Promise.resolve(); };
};

test("the camera's picture is never a mirror image", async () => {
  kept("capture");
  const view = await open(phone, "capture");
  await tap(view, "打开相机");
  view.page.setData({ ready: true });
  view.page.onShoot();
  await settle();
  expect(phone.camera.taken[0]).toMatchObject({ selfieMirror: false, quality: "high" });
  expect(text(view)).toMatch(/就用这张吗/);
});

test("the picture is kept where a restart finds it, under a key of its own", async () => {
  kept("capture");
  const view = await open(phone, "capture");
  await view.page.look("tmp/selfie.jpg", 1000);
  await tap(view, "用这张照片");
  expect(phone.place).toBe("/pages/progress/progress");
  expect(state()).toMatchObject({ step: "sending", selfie: { path: "kept:tmp/selfie.jpg", key: expect.stringMatching(/^[0-9a-f]{32}$/) } });
});

test("a refused camera leads to the settings or the album", async () => {
  kept("capture");
  phone.permissions = { "scope.camera": false };
  const view = await open(phone, "capture");
  await tap(view, "打开相机");
  await view.page.onCameraError();
  expect(text(view)).toMatch(/还没有允许使用相机.*去设置/);
  phone.settingsAnswer = { "scope.camera": true };
  await view.page.onSettings();
  expect(view.page.data.mode).toBe("camera");
  view.page.onUnload();
});

test("leaving the album without a choice says nothing", async () => {
  kept("capture");
  const view = await open(phone, "capture");
  await tap(view, "从相册选择");
  expect(view.page.data.trouble).toBeNull();
});

test("a picture above 10 MB is encoded once more, and refused in words if that is not enough", async () => {
  kept("capture");
  phone.compressedSize = 4000000;
  const view = await open(phone, "capture");
  await view.page.look("tmp/large.jpg", 12000000);
  expect(view.page.data.picture).toBe("tmp/smaller.jpg");
  phone.compressedSize = 11000000;
  await view.page.look("tmp/large.jpg", 12000000);
  expect(text(view)).toMatch(/照片太大/);
});

test("a selfie is sent, followed through the queue, thrown away, and its verdict shown", async () => {
  kept("sending", { selfie: SELFIE });
  phone.files.add(SELFIE.path);
  const states = [photo("queued", { position: 3, estimate_s: 4 }), photo("rendering"), ready()];
  phone.answers({ [SEND]: QUEUED, [READ]: () => states.shift() });
  const pauses = [];
  const seen = [];
  await open(phone, "progress", {}, (page) => {
    hurry(pauses)(page);
    const tell = page.tell.bind(page);
    page.tell = (news) => { tell(news); seen.push(`${page.data.title} ${page.data.detail}`); };
  });
  expect(seen).toEqual(["正在上传 0% 请不要关闭页面", "正在上传 40% 请不要关闭页面", "前面还有 3 人 大约还需 4 秒", "正在制作 裁剪、调正、检查是否合规"]);
  expect(pauses).toEqual([1000, 2000]);
  expect(phone.place).toBe("/pages/result/result");
  expect(phone.files.has(SELFIE.path)).toBe(false);
  expect(state()).toMatchObject({ step: "result", photo: { id: "ph_1" }, selfie: null });
});

test("a network that drops repeats the upload with the same key", async () => {
  kept("sending", { selfie: SELFIE });
  phone.files.add(SELFIE.path);
  let times = 0;
  phone.answers({ [SEND]: () => { times += 1; return times < 3 ? "offline" : QUEUED; }, [READ]: ready() });
  await open(phone, "progress", {}, hurry());
  const keys = phone.asked.filter(({ route }) => route === SEND).map(({ header }) => header["Idempotency-Key"]);
  expect(keys).toEqual(["key-1", "key-1", "key-1"]);
  expect(phone.place).toBe("/pages/result/result");
});

test("a server that is full is waited for as long as it asks", async () => {
  kept("sending", { selfie: SELFIE });
  phone.files.add(SELFIE.path);
  phone.answers({ [SEND]: problem(503, "queue_full", { header: { "retry-after": "9" } }) });
  const pauses = [];
  const view = await open(phone, "progress", {}, hurry(pauses));
  expect(pauses).toEqual([9000, 9000, 9000, 9000]);
  expect(text(view)).toMatch(/detail of queue_full.*再试一次/);
});

test("going to the background ends the upload, and coming back sends it again with the same key", async () => {
  kept("sending", { selfie: SELFIE });
  phone.files.add(SELFIE.path);
  phone.answers({ [SEND]: "uploadFile:fail interrupted", [READ]: ready() });
  let view;
  await open(phone, "progress", {}, (page) => {
    view = page;
    page.pause = () => { page.onHide(); return Promise.resolve(); };
  });
  expect(phone.count(SEND)).toBe(1);
  expect(state().step).toBe("sending");
  phone.answers({ [SEND]: QUEUED });
  await view.onShow();
  await settle(20);
  expect(new Set(phone.asked.filter(({ route }) => route === SEND).map(({ header }) => header["Idempotency-Key"]))).toEqual(new Set(["key-1"]));
  expect(phone.place).toBe("/pages/result/result");
});

test("a restart while waiting asks after the same photo and sends nothing again", async () => {
  kept("waiting", { photo: { id: "ph_1" } });
  phone.answers({ [READ]: ready() });
  await open(phone, "progress");
  await settle(10);
  expect(phone.count(SEND)).toBe(0);
  expect(phone.place).toBe("/pages/result/result");
});

test("a selfie that the phone has lost leads back to the camera", async () => {
  kept("sending", { selfie: SELFIE });
  await open(phone, "progress");
  expect(phone.place).toBe("/pages/capture/capture");
});

test("what only the student can mend is said once, with both ways out", async () => {
  kept("sending", { selfie: SELFIE });
  phone.files.add(SELFIE.path);
  phone.answers({ [SEND]: problem(409, "campaign_closed") });
  const view = await open(phone, "progress");
  expect(text(view)).toMatch(/detail of campaign_closed.*再试一次.*换一张照片/);
  expect(phone.count(SEND)).toBe(1);
  await tap(view, "换一张照片");
  expect(phone.place).toBe("/pages/capture/capture");
  expect(phone.files.has(SELFIE.path)).toBe(false);
});

test("a consent that is missing is asked for on the way", async () => {
  kept("sending", { selfie: SELFIE });
  phone.files.add(SELFIE.path);
  phone.answers({ [SEND]: problem(403, "consent_required") });
  await open(phone, "progress");
  expect(phone.place).toBe("/pages/consent/consent");
});

const atResult = async (answer) => {
  kept("result", { photo: { id: "ph_1" } });
  phone.answers({ [READ]: answer, "GET /v1/photos/ph_1/image": { status: 200, body: null, header: { "Content-Disposition": "attachment; filename=430000200403120012.jpg" } } });
  const view = await open(phone, "result");
  await settle(6);
  return view;
};

test("a photo that passed is shown with facts measured on its bytes, and reminders apart", async () => {
  const view = await atResult(ready([finding("smile", "warn")]));
  expect(text(view)).toMatch(/照片合格.*180×240 px72 dpi14 KB白底/);
  expect(text(view)).toMatch(/提醒（不影响提交）.*message of smile/);
  await tap(view, "满意，去提交");
  expect(phone.place).toBe("/pages/profile/profile");
});

test("a rejected photo tells three reasons first, and leads to a retake", async () => {
  const view = await atResult(rejected(["a", "b", "c", "d", "e"].map((code) => finding(code))));
  expect(text(view)).toMatch(/有 5 处需要调整/);
  expect(view.dom.querySelectorAll("[class$='reason--bad']")).toHaveLength(3);
  expect(text(view)).toMatch(/更多（还有 2 条）/);
  await tap(view, "重拍");
  expect(phone.place).toBe("/pages/capture/capture");
  expect(state()).toMatchObject({ step: "capture", photo: null });
});

test("a file that could not be read ends in its own words", async () => {
  const view = await atResult(photo("failed", { error: { code: "unreadable_image", message: "照片打不开", advice: "请重新拍摄" } }));
  expect(text(view)).toMatch(/照片打不开.*请重新拍摄.*重拍/);
});

test("a photo that is gone is no error", async () => {
  expect(text(await atResult(problem(404, "not_found")))).toMatch(/照片已删除/);
});

test("saving to the album says that it is saved", async () => {
  const view = await atResult(ready());
  await tap(view, "保存到相册");
  expect(text(view)).toMatch(/已保存到相册/);
});

test.each([
  "saveImageToPhotosAlbum:fail auth deny",
  "saveImageToPhotosAlbum:fail:auth denied",
  "saveImageToPhotosAlbum:fail authorize no response",
  "saveImageToPhotosAlbum:fail system permission denied",
])("%s leads to the settings, and from there to a second try", async (fault) => {
  phone.saveFault = fault;
  const view = await atResult(ready());
  await tap(view, "保存到相册");
  expect(text(view)).toMatch(/还没有允许保存到相册.*去设置/);
  phone.settingsAnswer = { "scope.writePhotosAlbum": true };
  phone.saveFault = null;
  await view.page.onSettings();
  await settle();
  expect(text(view)).toMatch(/已保存到相册/);
});

test.each([
  ["saveImageToPhotosAlbum:fail cancel", null],
  ["saveImageToPhotosAlbum:fail privacy permission is not authorized", /同意隐私指引/],
  ["saveImageToPhotosAlbum:fail file not found", /没有保存成功/],
])("%s is told as what it is", async (fault, words) => {
  phone.saveFault = fault;
  const view = await atResult(ready());
  await tap(view, "保存到相册");
  if (words) expect(text(view)).toMatch(words);
  else expect(view.page.data.outcome).toBeNull();
});

test("coming back from the form finds the photo again", async () => {
  kept("profile", { photo: { id: "ph_1" } });
  phone.answers({ [READ]: ready(), "GET /v1/photos/ph_1/image": { status: 200, body: null } });
  await open(phone, "result");
  expect(state().step).toBe("result");
});
