/** Real pages in miniprogram-simulate: WXML by Tencent's compiler, events by touch. */

const path = require("node:path");
const simulate = require("miniprogram-simulate");

const CLIENT = path.join(__dirname, "..", "client");
const ids = {};

/** miniprogram-simulate knows components only: a page becomes one, its functions methods. */
global.Page = ({ data, ...methods }) => global.Component({ options: {}, data, methods });
global.getCurrentPages = () => [{}, {}];

/** Compile and run a page and its components once; each in a module registry of its own, or shared components would be registered only once. */
function load(folder, name) {
  jest.isolateModules(() => {
    ids[name] = ids[name] || simulate.load(path.join(CLIENT, folder, name, name), "page", { rootPath: CLIENT, compiler: "official" });
  });
  return ids[name];
}

function render(id, properties) {
  const view = simulate.render(id, properties);
  view.attach(document.body.appendChild(document.createElement("div")));
  return view;
}

/** Show one component alone. */
const show = (name, properties) => render(load("components", name), properties);

/** Open a page as WeChat does: load, show. Gives the simulated component, `page` being its instance; `prepare` may see it before it loads. */
async function open(phone, name, query = {}, prepare = () => undefined) {
  global.wx = phone.wx;
  const view = render(load("pages", name));
  view.page = view.instance;
  prepare(view.page);
  if (view.page.onLoad) await view.page.onLoad(query);
  if (view.page.onShow) await view.page.onShow();
  await settle();
  return view;
}

/** Let every answer arrive. */
async function settle(turns = 12) {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setTimeout(resolve, 0));
}

/** All that can be read on the page. */
const text = (view) => view.dom.textContent.replace(/\s+/g, " ").trim();

/** Press the first thing that matches the selector, or whose words are these. */
async function tap(view, what) {
  const found = what.startsWith(".") || what.startsWith("#") ? view.querySelector(what) : button(view, what);
  if (!found) throw new Error(`nothing to press: ${what}\n${text(view)}`);
  found.dispatchEvent("touchstart");
  found.dispatchEvent("touchend");
  await settle();
}

function button(view, words) {
  return view.querySelectorAll(".btn").find((one) => one.dom.textContent.trim() === words);
}

/** Type into a field. */
async function type(view, selector, value, index = 0) {
  const field = view.querySelectorAll(selector)[index];
  field.dispatchEvent("input", { detail: { value } });
  await settle(2);
}

module.exports = { open, settle, tap, show, text, type, button, CLIENT };
