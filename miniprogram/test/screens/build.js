/** Build the client for a browser: `node build.js FOLDER` writes index.html and bundle.js, run by glass-easel, WeChat's own engine.

WXML is compiled by glass-easel's compiler with built-in tags renamed (`view` to `wx-view`), which host/elements.js defines; WXSS is
CSS once `page` is `body`; the pages' own JavaScript runs as it is, on host/wx.js where WeChat would be. */

const fs = require("node:fs");
const path = require("node:path");
const { TmplGroup } = require("glass-easel-template-compiler");

const ROOT = path.join(__dirname, "..", "..");
const CLIENT = path.join(ROOT, "client");
const TAGS = ["view", "text", "button", "image", "input", "picker", "switch", "camera", "page-meta"];
const LIBRARIES = { "glass-easel": "dist/glass_easel.all.js", "glass-easel-miniprogram-adapter": "dist/glass_easel_miniprogram_adapter.js" };

const walk = (folder) => fs.readdirSync(folder, { withFileTypes: true }).flatMap((one) => (one.isDirectory() ? walk(path.join(folder, one.name)) : [path.join(folder, one.name)]));
const read = (file) => fs.readFileSync(file, "utf8");
const files = walk(CLIENT);
const named = (end) => files.filter((file) => file.endsWith(end)).map((file) => [path.relative(CLIENT, file).slice(0, -end.length), read(file)]);

/** `<view>` becomes `<wx-view>`: the browser has tags of its own by some of these names. */
const renamed = (source) => source.replace(new RegExp(`<(/?)(${TAGS.join("|")})(?=[\\s>/])`, "g"), "<$1wx-$2");

function templates() {
  const group = new TmplGroup();
  for (const [name, source] of named(".wxml")) {
    const faults = group.addTmpl(name, renamed(source)).filter(({ level }) => level >= 3);
    if (faults.length) throw new Error(`${name}.wxml: ${JSON.stringify(faults)}`);
  }
  return group.getTmplGenObjectGroups();
}

const styles = () => Object.fromEntries(named(".wxss").map(([name, source]) => [name, source.replace(/(^|[\s}])page\s*\{/g, "$1body {")]));
const configs = () => Object.fromEntries(named(".json").map(([name, source]) => [name, JSON.parse(source)]));
const wrapped = (name, source) => `${JSON.stringify(name)}: function (require, module, exports) {\n${source}\n},\n`;

function modules() {
  const libraries = Object.entries(LIBRARIES).map(([name, file]) => wrapped(name, read(path.join(ROOT, "node_modules", name, file))));
  const hosts = walk(path.join(__dirname, "host")).map((file) => wrapped(`host/${path.basename(file, ".js")}`, read(file)));
  const own = named(".js").map(([name, source]) => wrapped(name, source));
  return `{\n${[...libraries, ...hosts, ...own].join("")}}`;
}

const LOADER = `
window.process = { env: { NODE_ENV: "production" } };
const loaded = {};
function resolve(from, wanted) {
  if (MODULES[wanted] && !wanted.startsWith(".")) return wanted;
  const parts = from.split("/").slice(0, -1);
  for (const step of wanted.split("/")) {
    if (step === "..") parts.pop();
    else if (step !== ".") parts.push(step);
  }
  return parts.join("/");
}
window.load = function (name) {
  if (!loaded[name]) {
    const module = (loaded[name] = { exports: {} });
    if (!MODULES[name]) throw new Error("no module " + name);
    MODULES[name]((wanted) => window.load(resolve(name, wanted)), module, module.exports);
  }
  return loaded[name].exports;
};
window.load("host/main");
`;

const PAGE = `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>校园证件照</title></head>
<body><script src="bundle.js"></script></body></html>
`;

const out = path.resolve(process.argv[2] || path.join(ROOT, "..", "var", "miniprogram"));
fs.mkdirSync(out, { recursive: true });
const data = `const TEMPLATES = ${templates()};\nconst STYLES = ${JSON.stringify(styles())};\nconst CONFIGS = ${JSON.stringify(configs())};\n`;
fs.writeFileSync(path.join(out, "bundle.js"), `(function () {\n${data}const MODULES = ${modules()};\nwindow.CODE = { TEMPLATES, STYLES, CONFIGS };\n${LOADER}})();\n`);
fs.writeFileSync(path.join(out, "index.html"), PAGE);
