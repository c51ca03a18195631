/** WeChat's built-in tags as custom elements: as much of each as our pages use. */

const { Event: Wx } = require("glass-easel");

const tell = (element, name, detail) => Wx.triggerEvent(element.__wxElement, name, detail, {});
const given = (element, name) => element.__wxElement && element.__wxElement.getAttribute(name);

/** An element with a shadow root; `draw` is called with it once, `change` after each change of an attribute. */
function element(tag, { watched = [], html = "<slot></slot>", draw = () => undefined, change = () => undefined }) {
  class Tag extends HTMLElement {
    static get observedAttributes() {
      return watched;
    }

    constructor() {
      super();
      this.attachShadow({ mode: "open" }).innerHTML = html;
      draw(this, this.shadowRoot);
    }

    attributeChangedCallback(name, old, value) {
      change(this, this.shadowRoot, name, value);
    }

    connectedCallback() {
      if (this.appeared) this.appeared();
    }

    disconnectedCallback() {
      if (this.gone) this.gone();
    }
  }
  customElements.define(`wx-${tag}`, Tag);
}

const INPUT = `<style>
  :host { display: block; }
  input { box-sizing: border-box; width: 100%; margin: 0; padding: 0; border: 0; outline: 0; font: inherit; color: inherit; line-height: inherit; background: transparent; }
  input::placeholder { color: inherit; opacity: .6; }
</style><input>`;

function drawInput(host, root) {
  const inner = root.querySelector("input");
  inner.addEventListener("input", (event) => {
    event.stopPropagation();
    tell(host, "input", { value: inner.value });
  });
  inner.addEventListener("keydown", (event) => event.key === "Enter" && tell(host, "confirm", { value: inner.value }));
}

function changeInput(host, root, name, value) {
  const inner = root.querySelector("input");
  if (name === "value" && inner.value !== value) inner.value = value;
  if (name === "placeholder") inner.placeholder = value;
  if (name === "maxlength") inner.maxLength = Number(value);
  if (name === "aria-label") inner.setAttribute("aria-label", value);
  if (name === "type") inner.inputMode = { number: "numeric", digit: "decimal" }[value] || "text";
}

const IMAGE = `<style>:host { display: inline-block; overflow: hidden; } img { display: block; width: 100%; height: 100%; object-fit: contain; }</style><img alt="">`;

const PICKER = `<style>:host { display: block; position: relative; } select, input { position: absolute; inset: 0; width: 100%; height: 100%; opacity: 0; cursor: pointer; }</style><slot></slot>`;

/** A picker is a native control laid over what the page shows. A region comes from `window.region`, set by the test. */
function appearPicker(host, root) {
  if (root.querySelector("select, input, button")) return;
  const mode = given(host, "mode") || "selector";
  const control = document.createElement(mode === "selector" ? "select" : mode === "date" ? "input" : "button");
  control.setAttribute("aria-label", given(host, "aria-label"));
  root.append(control);
  if (mode === "selector") fillSelect(host, control);
  if (mode === "date") Object.assign(control, { type: "date", onchange: () => tell(host, "change", { value: control.value }) });
  if (mode === "region") {
    control.style.cssText = "position:absolute;inset:0;opacity:0";
    control.onclick = () => tell(host, "change", { value: window.region });
  }
}

function fillSelect(host, select) {
  select.append(new Option("", ""));
  given(host, "range").forEach((label, index) => select.append(new Option(label, index)));
  select.addEventListener("change", () => select.value !== "" && tell(host, "change", { value: select.value }));
}

const BUTTON = `<style>:host { cursor: pointer; user-select: none; } :host([loading])::before { content: "… "; }</style><slot></slot>`;

function appearButton(host) {
  host.setAttribute("role", "button");
  host.tabIndex = 0;
  if (given(host, "open-type") === "agreePrivacyAuthorization") host.onclick = () => tell(host, "agreeprivacyauthorization", {});
}

const CAMERA = `<style>:host { display: block; overflow: hidden; } img { width: 100%; height: 100%; object-fit: cover; transform: scaleX(-1); }</style><img alt="">`;

function appearCamera(host, root) {
  root.querySelector("img").src = "selfie.jpg";
  setTimeout(() => host.isConnected && tell(host, window.cameraFault ? "error" : "initdone", {}), 50);
}

const lively = (appear) => (host, root) => {
  host.appeared = () => setTimeout(() => host.isConnected && appear(host, root), 0);
};

element("view", { html: "<style>:host { display: block; }</style><slot></slot>" });
element("text", {});
element("page-meta", { html: "<style>:host { display: none; }</style>" });
element("button", { html: BUTTON, draw: lively(appearButton) });
element("input", { html: INPUT, draw: drawInput, change: changeInput, watched: ["value", "placeholder", "maxlength", "aria-label", "type"] });
element("image", { html: IMAGE, watched: ["src"], change: (host, root, name, value) => { root.querySelector("img").src = require("host/files").urlOf(value); } });
element("picker", { html: PICKER, draw: lively(appearPicker) });
element("switch", { html: "<input type=checkbox style='width:1.5rem;height:1.5rem'>", draw: (host, root) => root.querySelector("input").addEventListener("change", (event) => tell(host, "change", { value: event.target.checked })) });
element("camera", { html: CAMERA, draw: lively(appearCamera) });
