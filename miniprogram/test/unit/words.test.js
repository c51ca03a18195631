const { countdown, latest, moment, photoFacts, reviewReason, shootingRules, size, soon, specFacts } = require("../../client/lib/words");
const { normal, oddity } = require("../../client/lib/id-number");
const { arranged, search } = require("../../client/lib/search");
const { gap, uploadGap } = require("../../client/lib/pace");
const { newKey } = require("../../client/lib/key");
const { SPEC, ONE_INCH } = require("../samples");

test("times are told in Beijing time wherever the phone is", () => {
  expect(moment("2026-12-16T15:59:59Z")).toBe("2026-12-16 23:59:59");
  expect(moment(null)).toBe("—");
  expect(moment("nonsense")).toBe("—");
});

test("a countdown names days, then only the clock, and never runs below zero", () => {
  expect(countdown((3 * 86400 + 4 * 3600 + 5 * 60 + 6) * 1000)).toBe("3 天 04:05:06");
  expect(countdown(59999)).toBe("00:00:59");
  expect(countdown(-5)).toBe("00:00:00");
});

test("a long wait is told in minutes or hours, and digits of any width are digits", () => {
  expect([7, 99, 300, 3600, 7200].map(soon)).toEqual(["7 秒", "99 秒", "约 5 分钟", "约 60 分钟", "约 2 小时"]);
  expect(normal("１１０１０５ 19491231００２ｘ")).toBe("11010519491231002X");
});

test("sizes are counted in thousands, as the specifications count them", () => {
  expect([999, 1000, 99999, 2000000].map(size)).toEqual(["999 B", "1 KB", "100 KB", "2 MB"]);
});

test("a spec is told in four facts, a range where it leaves one", () => {
  expect(specFacts(SPEC)).toEqual(["180×240 px", "72 dpi", "小于 100 KB", "白底"]);
  const loose = { ...SPEC, size: { ...SPEC.size, max_width: 960, max_height: 1280 }, bytes: { low: 51200, high: 2000000 }, background: null };
  expect(specFacts(loose)).toEqual(["180×240 – 960×1280 px", "72 dpi", "51 KB – 2 MB", "原背景"]);
  expect(photoFacts({ width: 1, height: 2, dpi: 3, bytes: 4 }, { background: "#123456" })).toEqual(["1×2 px", "3 dpi", "4 B", "背景 #123456"]);
});

test("rules before the shot follow the spec: glasses, age of the picture, the wall", () => {
  const strict = shootingRules({ ...SPEC, glasses: "forbidden", recency_days: 183, background: null }).join("；");
  expect(strict).toMatch(/请摘下眼镜/);
  expect(strict).toMatch(/最近 6 个月/);
  expect(strict).toMatch(/原样保留/);
  expect(shootingRules(SPEC).join()).toMatch(/不做任何美颜/);
});

test("bare ears are asked for only where the spec refuses a photo without them", () => {
  expect(shootingRules({ ...SPEC, checks: { ears_covered: "fail" } }).join()).toMatch(/露出双耳和眉毛/);
  expect(shootingRules({ ...SPEC, checks: { ears_covered: "warn" } }).join()).not.toMatch(/双耳/);
});

test("the newest submission of a campaign speaks for it", () => {
  const rows = [{ id: "a", campaign: "x", created_at: "2026-01-01" }, { id: "b", campaign: "x", created_at: "2026-02-01" }, { id: "c", campaign: "y", created_at: "2026-03-01" }];
  expect(latest(rows, "x").id).toBe("b");
  expect(latest(rows, "z")).toBeUndefined();
  expect([reviewReason("photo_erased"), reviewReason("刘海太长"), reviewReason(null)]).toEqual(["照片已按您的要求删除。", "刘海太长", ""]);
});

test("an ID number is checked as GB 11643 says, blanks and a small x forgiven", () => {
  expect(oddity("11010519491231002X")).toBe("");
  expect(oddity(" 110105 19491231 002x ")).toBe("");
  expect(normal("1 2x")).toBe("12X");
  expect(oddity("110105194912310021")).toMatch(/校验码/);
  expect(oddity("110105199902300029")).toMatch(/出生日期/);
  expect(oddity("1101051949")).toMatch(/18 位/);
});

test("a spec is found by name, use, size or pinyin initials; names that begin with the word come first", () => {
  const ids = (typed) => search([SPEC, ONE_INCH], typed).map(({ id }) => id);
  expect(ids("")).toEqual(["hunan-pretco", "one-inch"]);
  expect(ids("一寸")).toEqual(["one-inch"]);
  expect(ids("YCZ")).toEqual(["one-inch"]);
  expect(ids("２９５x413")).toEqual(["one-inch"]);
  expect(ids("湖南 英语")).toEqual(["hunan-pretco"]);
  expect(ids("护照")).toEqual([]);
  expect(search([{ ...SPEC, use: "一寸也行" }, ONE_INCH], "一寸")[0].id).toBe("one-inch");
});

test("plain sizes and school photos stand before examinations and visas, in the server's order among themselves", () => {
  const specs = ["visa", "exam", "size", "school", "exam"].map((group, index) => ({ group, index }));
  expect(arranged(specs).map(({ index }) => index)).toEqual([2, 3, 1, 4, 0]);
});

test("a verdict is asked after at 1, 2, 3, 5 seconds, slower after a minute, never before the server wishes", () => {
  expect([0, 1, 2, 3, 9].map((asked) => gap(asked, asked * 5))).toEqual([1, 2, 3, 5, 5]);
  expect(gap(20, 61)).toBe(10);
  expect(gap(0, 0, 30)).toBe(30);
});

test("an upload is tried again four times, then the student is asked", () => {
  expect([1, 2, 3, 4, 5].map((failures) => uploadGap(failures))).toEqual([1, 2, 4, 8, null]);
  expect(uploadGap(1, 20)).toBe(20);
});

test("keys are 32 hexadecimal digits and differ", () => {
  const keys = new Set(Array.from({ length: 500 }, () => newKey()));
  expect(keys.size).toBe(500);
  for (const key of keys) expect(key).toMatch(/^[0-9a-f]{32}$/);
});
