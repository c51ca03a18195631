/** Letting a computer in: the code by scanning or typing, what asks, yes or no. */

const { Phone, problem } = require("../phone");
const { open, tap, text, type } = require("../pages");
const { codeIn } = require("../../client/lib/device-code");

const FIND = "POST /v1/auth/device/code";
const ANSWER = "POST /v1/auth/device/answer";
const ASKED = { client: "Windows · Chrome", state: "pending", created_at: "2026-03-02T02:00:00Z", expires_at: "2026-03-02T02:05:00Z" };
let phone;

beforeEach(() => {
  phone = new Phone().answers({ [FIND]: ASKED, [ANSWER]: { ...ASKED, state: "approved" } });
});

test("a code is read however it is typed, and out of the link of a QR code", () => {
  expect(codeIn(" bcdf-ghjk ")).toBe("BCDFGHJK");
  expect(codeIn("https://photo.example.edu.cn/?device=BCDFGHJK")).toBe("BCDFGHJK");
  expect(codeIn("https://photo.example.edu.cn/?campaign=BCDFGHJK")).toBe("");
  expect(codeIn("12345678")).toBe("");
});

test("a typed code shows what asks before anything is allowed", async () => {
  const view = await open(phone, "device");
  await type(view, ".field__input", "bcdf ghjk");
  await tap(view, "下一步");
  expect(phone.last(FIND).data).toEqual({ user_code: "BCDFGHJK" });
  expect(text(view)).toMatch(/BCDF-GHJK.*Windows · Chrome.*2026-03-02 10:00:00/);
  expect(phone.count(ANSWER)).toBe(0);
});

test("the student allows it", async () => {
  phone.scanned = "https://photo.example.edu.cn/?device=BCDFGHJK";
  const view = await open(phone, "device");
  await tap(view, "扫一扫");
  await tap(view, "是我，允许登录");
  expect(phone.last(ANSWER).data).toEqual({ user_code: "BCDF-GHJK", answer: "approve" });
  expect(text(view)).toMatch(/已允许登录/);
});

test("the student refuses it", async () => {
  const view = await open(phone, "device", { code: "BCDFGHJK" });
  await tap(view, "不是我，不允许");
  expect(phone.last(ANSWER).data.answer).toBe("deny");
  expect(text(view)).toMatch(/没有允许/);
});

test("what is no code is not asked after", async () => {
  phone.scanned = "https://example.com/";
  const view = await open(phone, "device");
  await tap(view, "扫一扫");
  expect(text(view)).toMatch(/这不是登录码/);
  await type(view, ".field__input", "BCDF");
  await tap(view, "下一步");
  expect(text(view)).toMatch(/登录码是 8 位字母/);
  expect(phone.count(FIND)).toBe(0);
});

test("a scanner that does not open leaves the keyboard; leaving it says nothing", async () => {
  const view = await open(phone, "device");
  await tap(view, "扫一扫");
  expect(text(view)).not.toMatch(/没能打开/);
  phone.scanFault = "scanCode:fail system error";
  await tap(view, "扫一扫");
  expect(text(view)).toMatch(/没能打开扫一扫/);
});

test("a code that has expired is told in the server's words", async () => {
  phone.answers({ [FIND]: problem(404, "device_code_unknown") });
  const view = await open(phone, "device", { q: encodeURIComponent("https://photo.example.edu.cn/?device=BCDFGHJK") });
  expect(text(view)).toMatch(/detail of device_code_unknown/);
  expect(text(view)).toMatch(/8 位登录码/);
});
