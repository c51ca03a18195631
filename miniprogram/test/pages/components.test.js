/** The parts that pages share. */

const { Phone } = require("../phone");
const { show, settle, tap, text } = require("../pages");
const { finding } = require("../samples");

beforeEach(() => {
  global.wx = new Phone().wx;
});

test("three reasons are shown first, the rest on demand, each with its advice", async () => {
  const view = show("reasons", { findings: ["a", "b", "c", "d", "e"].map((code) => finding(code)) });
  expect(view.querySelectorAll(".reason")).toHaveLength(3);
  await tap(view, "更多（还有 2 条）");
  expect(view.querySelectorAll(".reason")).toHaveLength(5);
  expect(text(view)).toMatch(/message of e ?advice for e/);
  expect(text(view)).not.toMatch(/更多/);
});

test("a notice says what happened and offers one way on", async () => {
  const view = show("notice", { tone: "bad", title: "网络不通", detail: "请检查网络", action: "再试一次" });
  let pressed = 0;
  view.addEventListener("act", () => { pressed += 1; });
  expect(text(view)).toMatch(/网络不通.*请检查网络/);
  await tap(view, "再试一次");
  expect(pressed).toBe(1);
});

test("the privacy sheet stays away until it is needed, and goes with the answer", async () => {
  const view = show("privacy-sheet");
  expect(text(view)).toBe("");
  view.instance.setData({ open: true });
  await settle();
  expect(text(view)).toMatch(/用户隐私保护指引/);
  view.instance.agree();
  await settle();
  expect(text(view)).toBe("");
});
