/**
 * @jest-environment node
 */
/** What WeChat's own tools and reviewers would refuse is refused here first. */

const fs = require("node:fs");
const path = require("node:path");
const compiler = require("miniprogram-compiler");

const CLIENT = path.join(__dirname, "..", "client");
const LIMIT_BYTES = 2 * 1024 * 1024;
const LONGEST = 300;

const walk = (folder) => fs.readdirSync(folder, { withFileTypes: true }).flatMap((one) => (one.isDirectory() ? walk(path.join(folder, one.name)) : [path.join(folder, one.name)]));
const files = walk(CLIENT);
const ending = (end) => files.filter((file) => file.endsWith(end));
const read = (file) => fs.readFileSync(file, "utf8");
const app = JSON.parse(read(path.join(CLIENT, "app.json")));
const PARTS = [...app.pages, "components/notice/notice", "components/reasons/reasons", "components/privacy-sheet/privacy-sheet"];

test("Tencent's wcc compiles every WXML", () => {
  const code = compiler.wxmlToJs(CLIENT);
  for (const file of ending(".wxml")) expect(code).toContain(path.relative(CLIENT, file));
});

test("wcc does refuse a broken page, so the gate is a gate", () => {
  const folder = fs.mkdtempSync(path.join(require("node:os").tmpdir(), "gate-"));
  fs.writeFileSync(path.join(folder, "a.wxml"), "<view><text></view>");
  expect(() => compiler.wxmlToJs(folder)).toThrow(/expect end-tag `text`/);
});

test("Tencent's wcsc compiles every WXSS, and no page or component selects by tag or id", () => {
  const code = compiler.wxssToJs(CLIENT);
  const named = ending(".wxss").map((file) => path.relative(CLIENT, file)).filter((file) => !code.includes(`'${file}':`));
  const warned = [...code.matchAll(/Some selectors are not allowed[^"]*?\(([\w/.-]+\.wxss)/g)].map(([, file]) => file);
  expect(named).toEqual([]);
  expect(warned.filter((file) => file !== "app.wxss")).toEqual([]);
});

test.each(PARTS)("%s has its four files, and they are JSON where they say so", (part) => {
  for (const end of [".js", ".wxml", ".wxss", ".json"]) expect(fs.existsSync(path.join(CLIENT, part + end))).toBe(true);
  JSON.parse(read(path.join(CLIENT, `${part}.json`)));
});

test.each(PARTS)("every event of %s is handled", (part) => {
  const handlers = [...read(path.join(CLIENT, `${part}.wxml`)).matchAll(/\bbind:?[a-z]+="(\w+)"/g)].map(([, name]) => name);
  const code = read(path.join(CLIENT, `${part}.js`)) + (part.startsWith("pages/") ? read(path.join(CLIENT, "lib/screen.js")) : "");
  for (const name of handlers) expect(code).toMatch(new RegExp(`\\b(async )?${name}\\(|\\b${name}[:,]|\\b${name}: `));
});

test.each(app.pages)("%s declares the components it uses, and no others", (page) => {
  const used = new Set([...read(path.join(CLIENT, `${page}.wxml`)).matchAll(/<([a-z-]+)/g)].map(([, tag]) => tag).filter((tag) => fs.existsSync(path.join(CLIENT, "components", tag))));
  const declared = JSON.parse(read(path.join(CLIENT, `${page}.json`))).usingComponents;
  expect(new Set(Object.keys(declared))).toEqual(used);
});

test("every page lets the system's large text enlarge it", () => {
  for (const page of app.pages) expect(read(path.join(CLIENT, `${page}.wxml`))).toMatch(/^<page-meta root-font-size="system" \/>/);
});

test("nothing is sized in rpx or px where text would outgrow it", () => {
  for (const file of ending(".wxss")) {
    expect(read(file)).not.toMatch(/rpx/);
    expect(read(file)).not.toMatch(/(font-size|line-height|[^-]height):[^;]*\dpx/);
  }
});

test("the interface claims no recognition of persons", () => {
  for (const file of files) expect(read(file)).not.toMatch(/人脸识别|人脸核|身份核验|核验/);
});

test("the package stays far below WeChat's limit", () => {
  const bytes = files.reduce((sum, file) => sum + fs.statSync(file).size, 0);
  expect(bytes).toBeLessThan(LIMIT_BYTES / 4);
});

test("every file can be read in one sitting", () => {
  expect(files.filter((file) => read(file).split("\n").length > LONGEST)).toEqual([]);
});

test("the privacy question is on, and every page that needs it has the sheet", () => {
  expect(app.__usePrivacyCheck__).toBe(true);
  for (const name of ["capture", "result"]) expect(read(path.join(CLIENT, "pages", name, `${name}.wxml`))).toContain("<privacy-sheet />");
});

test("nothing of a student is written to the console", () => {
  for (const file of ending(".js")) {
    const said = [...read(file).matchAll(/console\.\w+\(([^)]*)\)/g)].map(([, words]) => words);
    for (const words of said) expect(words).toMatch(/^"(storage", name|unexpected", fault && fault\.name.*)$/);
  }
});
