/** WeChat's page stack over glass-easel: navigate, redirect, back, relaunch, each with the page's own lifetimes. */

const { CurrentWindowBackendContext, Event: Wx } = require("glass-easel");
const { MiniProgramEnv } = require("glass-easel-miniprogram-adapter");

const { TEMPLATES, STYLES, CONFIGS } = window.CODE;
const env = new MiniProgramEnv();
const space = env.createCodeSpace("main", true);
const context = new CurrentWindowBackendContext();
const backend = env.associateBackend(context);
const stack = [];

const SHELL = `
  html { font-size: 16px; } body { margin: 0; }
  .shell { display: flex; align-items: center; height: 44px; padding: 0 12px; background: var(--bg); color: var(--text); font-weight: 600; }
  .shell button { min-width: 44px; height: 44px; border: 0; background: none; color: inherit; font-size: 22px; }
  dialog { max-width: 80vw; border: 0; border-radius: 12px; text-align: center; } dialog button { min-height: 44px; padding: 0 24px; margin: 0 8px; } dialog::backdrop { background: rgba(0,0,0,.5); }
`;

/** Taps come from the engine's own watch over mouse and fingers; all other events are told by the elements themselves. */
context.onEvent((target, type, detail, options) => type === "tap" && Wx.triggerEvent(target, type, detail, options));

/** Every template, configuration and style sheet is given to the engine; styles are shared, as app.wxss is in WeChat. */
function install() {
  for (const [name, content] of Object.entries(TEMPLATES)) {
    space.addCompiledTemplate(name, { groupList: TEMPLATES, content, fallbackListenerOnNativeNode: true });
    const config = CONFIGS[name] || {};
    space.addComponentStaticConfig(name, config.component ? { ...config, styleIsolation: "shared" } : config);
    backend.registerStyleSheetContent(name, "");
  }
  const components = Object.keys(TEMPLATES).filter((name) => name.startsWith("components/"));
  sheet("shell", SHELL);
  sheet("app", STYLES.app + components.map((name) => STYLES[name]).join("\n"));
  sheet("page", "");
  for (const name of [...components, ...CONFIGS.app.pages]) space.globalComponentEnv(window, name, () => window.load(name));
}

function sheet(id, css) {
  const found = document.getElementById(`style-${id}`) || document.head.appendChild(Object.assign(document.createElement("style"), { id: `style-${id}` }));
  found.textContent = css;
}

function open(url) {
  const [path, query = ""] = url.replace(/^\//, "").split("?");
  if (!CONFIGS.app.pages.includes(path)) throw new Error(`no page ${path}`);
  const root = backend.createRoot("wx-page", space, path);
  const place = document.createElement("div");
  const holder = document.createElement("main");
  holder.append(place);
  document.body.append(holder);
  root.attach(holder, place);
  const page = { path, root, holder, instance: root.get(), title: (CONFIGS[path] || {}).navigationBarTitleText };
  stack.push(page);
  call(page, "onLoad", Object.fromEntries(new URLSearchParams(query)));
  appear(page);
}

const top = () => stack[stack.length - 1];
const call = (page, name, ...values) => page.instance[name] && page.instance[name](...values);

function appear(page) {
  if (page !== top()) return;
  page.holder.hidden = false;
  sheet("page", STYLES[page.path] || "");
  header(page);
  document.body.dataset.page = page.path.split("/").pop();
  window.scrollTo(0, 0);
  page.root.getComponent().triggerPageLifetime("show", []);
  call(page, "onShow");
}

function vanish(page) {
  page.holder.hidden = true;
  page.root.getComponent().triggerPageLifetime("hide", []);
  call(page, "onHide");
}

function close() {
  const page = stack.pop();
  call(page, "onUnload");
  page.root.release();
  page.holder.remove();
}

function header({ title }) {
  const bar = document.querySelector(".shell") || document.body.insertBefore(Object.assign(document.createElement("header"), { className: "shell" }), document.body.firstChild);
  bar.innerHTML = stack.length > 1 ? '<button aria-label="返回">‹</button><span></span>' : "<span></span>";
  bar.querySelector("span").textContent = title;
  if (stack.length > 1) bar.querySelector("button").onclick = () => navigation.navigateBack();
}

const soon = (work) => setTimeout(work, 0);

const navigation = {
  navigateTo: ({ url }) => soon(() => { vanish(top()); open(url); }),
  redirectTo: ({ url }) => soon(() => { close(); open(url); }),
  reLaunch: ({ url }) => soon(() => { while (stack.length) close(); open(url); }),
  navigateBack: () => soon(() => { if (stack.length > 1) { close(); appear(top()); } }),
  setNavigationBarTitle: ({ title }) => { top().title = title; header(top()); },
};

/** The whole mini-program goes to the background, or comes back. */
window.background = () => vanish(top());
window.foreground = () => appear(top());

module.exports = { install, navigation, open, currentPages: () => stack.map(({ instance }) => instance) };
