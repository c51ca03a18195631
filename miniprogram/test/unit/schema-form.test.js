const form = require("../../client/lib/schema-form");
const pointers = require("../../client/lib/pointer");
const { typed } = require("../../client/lib/schema");
const { BASICS, GUARDIANS } = require("../samples");

const FATHER = { name: "张大示", relation: "父亲", id_type: "居民身份证", id_number: "11010519491231002X" };
const kinds = (rows) => rows.map(({ kind }) => kind);

test("a list that must have an entry begins with an empty one, and the form never invents a value", () => {
  expect(form.start(GUARDIANS)).toEqual({ guardians: [{}] });
  expect(form.start(BASICS)).toEqual({});
  expect(form.start({})).toEqual({});
});

test("a draft is kept as it was", () => {
  const draft = { guardians: [FATHER, { name: "李大示" }] };
  expect(form.start(GUARDIANS, draft)).toEqual(draft);
});

test("guardians are drawn as entries with fields, and may be added up to the limit", () => {
  const rows = form.draw(GUARDIANS, form.start(GUARDIANS));
  expect(kinds(rows)).toEqual(["entry", "text", "choice", "choice", "text", "text", "add"]);
  expect(rows[0]).toMatchObject({ title: "监护人 1", removable: false });
  expect(rows[1]).toMatchObject({ pointer: "/guardians/0/name", title: "姓名", required: true, longest: 50 });
  expect(rows[2]).toMatchObject({ labels: ["父亲", "母亲", "其他"], index: -1, shown: "" });
  expect(rows[5]).toMatchObject({ required: false, input: "number" });
  const two = form.draw(GUARDIANS, { guardians: [FATHER, FATHER] });
  expect(two[0].removable).toBe(true);
  expect(two.at(-1)).toMatchObject({ kind: "add", full: true });
});

test("every row has a key of its own, so that WXML keeps what is typed where it was", () => {
  const rows = form.draw(GUARDIANS, { guardians: [FATHER, FATHER] });
  expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
});

test("province, city and county are one picker; the rest follows its type", () => {
  const rows = form.draw(BASICS, { birthplace: { province: "湖南省", city: "长沙市", county: "岳麓区" }, height: 170, boarder: true });
  expect(kinds(rows)).toEqual(["text", "region", "switch", "text", "date"]);
  expect(rows[1]).toMatchObject({ title: "出生地", required: true, shown: "湖南省 长沙市 岳麓区" });
  expect(rows[3]).toMatchObject({ value: "170", input: "number" });
});

test("everything missing is named at once, by pointer", () => {
  expect(Object.keys(form.check(GUARDIANS, form.start(GUARDIANS)))).toEqual(["/guardians/0/name", "/guardians/0/relation", "/guardians/0/id_type", "/guardians/0/id_number"]);
  const faults = form.check(BASICS, {});
  expect(faults["/phone"]).toBe("此项必填");
  expect(faults["/birthplace/county"]).toBe("此项必填");
  expect(form.check(GUARDIANS, { guardians: [] })).toEqual({ "/guardians": "至少填 1 项" });
});

test("a resident's ID number is checked for its check digit, a passport's is not", () => {
  const wrong = { ...FATHER, id_number: "110105194912310021" };
  expect(form.check(GUARDIANS, { guardians: [wrong] })["/guardians/0/id_number"]).toMatch(/校验码/);
  expect(form.check(GUARDIANS, { guardians: [{ ...wrong, id_type: "护照" }] })).toEqual({});
  expect(form.draw(GUARDIANS, { guardians: [wrong] })[4].input).toBe("idcard");
});

test("patterns, lengths and numbers speak to the student in words", () => {
  const faults = form.check(BASICS, { phone: "12345", birthplace: { province: "省", city: "市", county: "县" }, height: 20 });
  expect(faults).toEqual({ "/phone": "请填写 11 位手机号", "/height": "不能小于 50" });
  expect(form.check(BASICS, { phone: "13800000000", birthplace: { province: "省", city: "市", county: "县" }, height: "abc" })).toEqual({ "/height": "请填写数字" });
});

test("faults are drawn under their fields, also inside a region", () => {
  expect(form.draw(GUARDIANS, { guardians: [{}] }, { "/guardians/0/name": "此项必填" })[1].error).toBe("此项必填");
  expect(form.draw(BASICS, {}, { "/birthplace/city": "此项必填" })[1].error).toBe("此项必填");
});

test("references and allOf are followed", () => {
  const schema = { type: "object", properties: { a: { $ref: "#/$defs/line" }, b: { allOf: [{ $ref: "#/$defs/line" }], title: "乙" } }, $defs: { line: { type: "string", title: "甲", maxLength: 3 } } };
  expect(form.draw(schema, {}).map(({ title, longest }) => [title, longest])).toEqual([["甲", 3], ["乙", 3]]);
  expect(form.check(schema, { b: "12345" })).toEqual({ "/b": "最多填 3 个字" });
});

test("what is typed takes the schema's type; nothing typed is nothing sent", () => {
  expect(typed({ type: "integer" }, " 42 ")).toBe(42);
  expect(typed({ type: "string" }, "  ")).toBeUndefined();
  expect(typed({ type: "string", format: "cn-id-number" }, "11010519491231002x")).toBe("11010519491231002X");
});

test("values are changed by pointer in a copy; an emptied field disappears", () => {
  const value = { guardians: [FATHER] };
  const next = pointers.set(value, "/guardians/0/name", "李大示");
  expect([value.guardians[0].name, next.guardians[0].name]).toEqual(["张大示", "李大示"]);
  expect(pointers.set(value, "/guardians/0/name", undefined).guardians[0]).not.toHaveProperty("name");
  expect(pointers.get(value, "/guardians/3/name")).toBeUndefined();
  expect(pointers.set({}, pointers.join("", "a/b~c"), 1)).toEqual({ "a/b~c": 1 });
});

test("the schema at a pointer has its conditions decided", () => {
  expect(form.schemaAt(GUARDIANS, { guardians: [FATHER] }, "/guardians/0/id_number").format).toBe("cn-id-number");
  expect(form.schemaAt(GUARDIANS, { guardians: [{ id_type: "护照" }] }, "/guardians/0/id_number").format).toBeUndefined();
});
