/** A form drawn from a JSON Schema: objects, lists with add and remove, choices, patterns; faults by JSON pointer. */

import { h, icon, say } from "./dom.js";

const PATTERNS = { "^1[3-9][0-9]{9}$": "请填写 11 位手机号。" };

/** Build the form. Gives `node`, `value()`, `check()` (true when nothing is missing), `show(errors)`. */
export function schemaForm(schema, draft, onchange) {
  const root = part(schema, "", draft, { required: true, top: true, onchange });
  return {
    node: root.node,
    value: () => root.value() ?? {},
    check: () => report(root, root.faults()),
    show: (errors) => report(root, errors.map(({ pointer = "", detail }) => ({ pointer: pointer.replace(/^#\/profile/, ""), detail }))),
  };
}

/** Put every fault under its field, focus the first, and give back what found no place. */
function report(root, faults) {
  root.clear();
  const homeless = faults.filter((fault) => !root.place(fault));
  root.node.querySelector('[aria-invalid="true"]')?.focus();
  if (faults.length) say(`有 ${faults.length} 处需要修改`);
  return { ok: faults.length === 0, homeless };
}

function part(schema, pointer, draft, options) {
  if (schema.type === "object") return group(schema, pointer, draft, options);
  if (schema.type === "array") return list(schema, pointer, draft, options);
  return field(schema, pointer, draft, options);
}

function group(schema, pointer, draft, { top, onchange }) {
  const required = new Set(schema.required ?? []);
  const parts = Object.entries(schema.properties ?? {}).map(([name, inner]) =>
    [name, part(inner, `${pointer}/${name}`, draft?.[name], { name, required: required.has(name), onchange })]);
  const legend = !top && schema.title && h("legend", { class: "legend" }, schema.title);
  const body = h("div", { class: "group" }, parts.map(([, one]) => one.node));
  return {
    node: top ? body : h("fieldset", { class: "group" }, legend, body),
    value: () => trimmed(Object.fromEntries(parts.map(([name, one]) => [name, one.value()]))),
    faults: () => parts.flatMap(([, one]) => one.faults()),
    clear: () => parts.forEach(([, one]) => one.clear()),
    place: (fault) => parts.some(([, one]) => one.place(fault)),
  };
}

function trimmed(object) {
  const kept = Object.entries(object).filter(([, value]) => value !== undefined);
  return kept.length ? Object.fromEntries(kept) : undefined;
}

function list(schema, pointer, draft, { name, required, onchange }) {
  const title = schema.title ?? name;
  const least = schema.minItems ?? (required ? 1 : 0);
  const items = [];
  const holder = h("div", { class: "group" });
  const error = h("p", { class: "error", hidden: true });
  const addButton = h("button", { type: "button", class: "btn", onclick: () => { add(); items.at(-1).node.querySelector("input, select").focus(); onchange(); } }, icon("plus"), `添加${title}`);
  const add = (value) => { items.push(one(value)); draw(); };
  const remove = (item) => { items.splice(items.indexOf(item), 1); draw(); addButton.focus(); onchange(); say(`已移除一位${title}`); };
  const one = (value) => {
    const item = { part: null, head: h("span"), button: null };
    item.part = part(schema.items, "", value, { top: true, name: title, required: true, onchange });
    item.button = h("button", { type: "button", class: "btn text", onclick: () => remove(item) }, "移除");
    item.node = h("div", { class: "item", role: "group" }, h("div", { class: "item-head" }, item.head, item.button), item.part.node);
    return item;
  };
  const draw = () => {
    holder.replaceChildren(...items.map((item) => item.node));
    items.forEach((item, index) => {
      item.head.textContent = `${title} ${index + 1}`;
      item.node.setAttribute("aria-label", item.head.textContent);
      item.button.hidden = items.length <= least;
      item.button.setAttribute("aria-label", `移除${title} ${index + 1}`);
    });
    addButton.hidden = items.length >= (schema.maxItems ?? Infinity);
  };
  for (let index = 0; index < Math.max(least, draft?.length ?? 0); index += 1) add(draft?.[index]);
  draw();
  const under = (path) => path.slice(pointer.length + 1).split("/");
  return {
    node: h("fieldset", { class: "group" }, h("legend", { class: "legend" }, title, required && star()), holder, error, addButton),
    value: () => (items.length ? items.map((item) => item.part.value() ?? {}) : undefined),
    faults: () => items.flatMap((item, index) => item.part.faults().map((fault) => ({ ...fault, pointer: `${pointer}/${index}${fault.pointer}` }))),
    clear: () => { tell(error, ""); items.forEach((item) => item.part.clear()); },
    place: (fault) => {
      if (fault.pointer === pointer) { tell(error, fault.detail); return true; }
      if (!fault.pointer.startsWith(`${pointer}/`)) return false;
      const [index, ...rest] = under(fault.pointer);
      return Boolean(items[index]?.part.place({ ...fault, pointer: rest.length ? `/${rest.join("/")}` : "" }));
    },
  };
}

let count = 0;

function field(schema, pointer, draft, { name, required, onchange }) {
  count += 1;
  const id = `f${count}`;
  const error = h("p", { class: "error", id: `${id}-error`, hidden: true });
  const hint = schema.description && h("p", { class: "hint", id: `${id}-hint` }, schema.description);
  const input = control(schema, id, draft);
  input.setAttribute("aria-describedby", `${hint ? `${id}-hint ` : ""}${id}-error`);
  if (required) input.setAttribute("aria-required", "true");
  const mark = (text) => { input.setAttribute("aria-invalid", String(Boolean(text))); tell(error, text); };
  input.addEventListener("input", () => { mark(""); onchange(); });
  const read = () => value(schema, input);
  return {
    node: schema.type === "boolean" ? h("div", { class: "field" }, h("label", { class: "tick", for: id }, input, schema.title ?? name), hint, error)
      : h("div", { class: "field" }, h("label", { for: id }, schema.title ?? name, required && star()), input, hint, error),
    value: read,
    faults: () => { const detail = wrong(schema, read(), required); return detail ? [{ pointer, detail }] : []; },
    clear: () => mark(""),
    place: (fault) => { if (fault.pointer !== pointer) return false; mark(fault.detail); return true; },
  };
}

const star = () => h("span", { class: "req", "aria-hidden": "true" }, "*");

function tell(error, text) {
  error.textContent = text;
  error.hidden = !text;
}

function options(schema) {
  if (schema.enum) return schema.enum.map((value) => [value, String(value)]);
  return schema.oneOf?.every((one) => "const" in one) ? schema.oneOf.map((one) => [one.const, one.title ?? String(one.const)]) : null;
}

function control(schema, id, draft) {
  const choices = options(schema);
  if (choices) {
    return h("select", { id, value: undefined }, h("option", { value: "" }, "请选择"), choices.map(([value, label]) => h("option", { value, selected: value === draft }, label)));
  }
  if (schema.type === "boolean") {
    const box = h("input", { id, type: "checkbox" });
    box.checked = Boolean(draft ?? schema.default);
    return box;
  }
  const phone = schema.pattern?.startsWith("^1[3-9]");
  const type = { date: "date", email: "email" }[schema.format] ?? (phone ? "tel" : "text");
  const mode = ["integer", "number"].includes(schema.type) ? "decimal" : phone ? "tel" : null;
  return h("input", { id, type, inputmode: mode, maxlength: schema.maxLength, autocomplete: "off", value: draft ?? schema.default ?? "" });
}

function value(schema, input) {
  if (schema.type === "boolean") return input.checked;
  const text = input.value.trim();
  if (text === "") return undefined;
  const choice = options(schema)?.find(([one]) => String(one) === text);
  if (choice) return choice[0];
  return ["integer", "number"].includes(schema.type) && !Number.isNaN(Number(text)) ? Number(text) : text;
}

/** What can be seen without the server; it has the last word anyway. */
function wrong(schema, given, required) {
  if (given === undefined) return required ? "此项必填" : "";
  if (["integer", "number"].includes(schema.type) && typeof given !== "number") return "请填写数字";
  if (typeof given !== "string") return "";
  if (schema.minLength && given.length < schema.minLength) return `至少填 ${schema.minLength} 个字`;
  if (schema.pattern && !new RegExp(schema.pattern, "u").test(given)) return PATTERNS[schema.pattern] ?? "格式不对，请核对";
  return "";
}
