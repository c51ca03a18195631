/** A form drawn from a JSON Schema: objects, lists with add and remove, choices, places, conditions; faults by JSON pointer.

Every part gives `node`, `value()`, `faults()`, `clear()`, `place(fault)` and `adapt(schema, required)`: what is asked may
depend on what was chosen beside it. */

import { h, icon, say } from "./dom.js";
import { field, tell } from "./field.js";
import { region } from "./region.js";
import { effective, isRegion, widest } from "./schema.js";

/** Build the form. Gives `node`, `value()`, `check()` (ok when nothing is missing), `show(errors)`. */
export function schemaForm(schema, draft, onchange) {
  const changed = () => { root.adapt(schema, true); onchange(); };
  const root = group(schema, "", draft, { top: true, root: schema, onchange: changed });
  root.adapt(schema, true);
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

function part(raw, pointer, draft, options) {
  const schema = widest(raw, options.root);
  if (isRegion(schema)) return region(schema, pointer, draft, options);
  if (schema.type === "object") return group(raw, pointer, draft, options);
  if (schema.type === "array") return list(schema, pointer, draft, options);
  return field(schema, pointer, draft, options);
}

function group(raw, pointer, draft, { top, root, onchange }) {
  const whole = widest(raw, root);
  const parts = Object.entries(whole.properties ?? {}).map(([name, inner]) => [name, part(inner, `${pointer}/${name}`, draft?.[name], { name, root, onchange })]);
  const shown = () => parts.filter(([, one]) => !one.node.hidden);
  const value = () => trimmed(Object.fromEntries(shown().map(([name, one]) => [name, one.value()])));
  const body = h("div", { class: "group" }, parts.map(([, one]) => one.node));
  let wanted = true;
  return {
    node: top ? body : h("fieldset", { class: "group" }, whole.title && h("legend", { class: "legend" }, whole.title), body),
    value,
    faults: () => (wanted || value() ? shown().flatMap(([, one]) => one.faults()) : []),
    clear: () => parts.forEach(([, one]) => one.clear()),
    place: (fault) => shown().some(([, one]) => one.place(fault)),
    adapt: (schema, required) => {
      wanted = required;
      const { properties = {}, required: must = [] } = effective(schema, value(), root);
      parts.forEach(([name, one]) => { one.node.hidden = !properties[name]; if (properties[name]) one.adapt(properties[name], must.includes(name)); });
    },
  };
}

function trimmed(object) {
  const kept = Object.entries(object).filter(([, value]) => value !== undefined);
  return kept.length ? Object.fromEntries(kept) : undefined;
}

function list(schema, pointer, draft, { name, root, onchange }) {
  const title = schema.title ?? name;
  const items = [];
  let least = schema.minItems ?? 0;
  const holder = h("div", { class: "group" });
  const error = h("p", { class: "error", hidden: true });
  const legend = h("legend", { class: "legend" }, title);
  const addButton = h("button", { type: "button", class: "btn", onclick: () => { add(); items.at(-1).node.querySelector("input, select").focus(); onchange(); } }, icon("plus"), `添加${title}`);
  const add = (value) => { items.push(one(value)); draw(); };
  const remove = (item) => { items.splice(items.indexOf(item), 1); draw(); addButton.focus(); onchange(); say(`已移除一位${title}`); };
  const one = (value) => {
    const item = { part: part(schema.items, "", value, { top: true, name: title, root, onchange }), head: h("span") };
    item.button = h("button", { type: "button", class: "btn text", onclick: () => remove(item) }, "移除");
    item.node = h("div", { class: "item", role: "group" }, h("div", { class: "item-head" }, item.head, item.button), item.part.node);
    item.part.adapt(schema.items, true);
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
  (draft ?? []).forEach(add);
  return {
    node: h("fieldset", { class: "group" }, legend, holder, error, addButton),
    value: () => (items.length ? items.map((item) => item.part.value() ?? {}) : undefined),
    faults: () => items.flatMap((item, index) => item.part.faults().map((fault) => ({ ...fault, pointer: `${pointer}/${index}${fault.pointer}` }))),
    clear: () => { tell(error, ""); items.forEach((item) => item.part.clear()); },
    place: (fault) => {
      if (fault.pointer === pointer) { tell(error, fault.detail); return true; }
      if (!fault.pointer.startsWith(`${pointer}/`)) return false;
      const [index, ...rest] = fault.pointer.slice(pointer.length + 1).split("/");
      return Boolean(items[index]?.part.place({ ...fault, pointer: rest.length ? `/${rest.join("/")}` : "" }));
    },
    adapt: (_, required) => {
      least = Math.max(schema.minItems ?? 0, required ? 1 : 0);
      legend.classList.toggle("must", required);
      while (items.length < least) items.push(one());
      items.forEach((item) => item.part.adapt(schema.items, true));
      draw();
    },
  };
}
