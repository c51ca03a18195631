/** One field of a form: its label, its control, its hint and its fault. */

import { h } from "./dom.js";
import { choices, ID_NUMBER, isNumber, PHONE, typed, wrong } from "./schema.js";

const KINDS = { date: "date", email: "email" };
let count = 0;

/** Names for a control and the texts that belong to it. */
export const nextId = () => `f${(count += 1)}`;

/** Show a fault's words, or none. */
export function tell(error, text) {
  error.textContent = text;
  error.hidden = !text;
}

/** Say of a control that it is wrong, and why; empty words say that it is well. */
export function mark(input, error, text) {
  input.setAttribute("aria-invalid", String(Boolean(text)));
  tell(error, text);
}

export function field(first, pointer, draft, { name, onchange }) {
  let schema = first;
  let must = false;
  const id = nextId();
  const error = h("p", { class: "error", id: `${id}-error`, hidden: true });
  const hint = schema.description && h("p", { class: "hint", id: `${id}-hint` }, schema.description);
  const input = control(schema, id, draft);
  input.setAttribute("aria-describedby", `${hint ? `${id}-hint ` : ""}${id}-error`);
  input.addEventListener("input", () => { mark(input, error, ""); onchange(); });
  const label = h("label", { for: id }, schema.title ?? name);
  if (schema.type === "boolean") { label.classList.add("tick"); label.prepend(input); }
  const read = () => (schema.type === "boolean" ? input.checked : typed(schema, input.value));
  return {
    node: h("div", { class: "field" }, label, schema.type === "boolean" ? null : input, hint, error),
    value: read,
    faults: () => { const detail = wrong(schema, read(), must); return detail ? [{ pointer, detail }] : []; },
    clear: () => mark(input, error, ""),
    place: (fault) => { if (fault.pointer !== pointer) return false; mark(input, error, fault.detail); return true; },
    adapt: (next, required) => {
      schema = next;
      must = required;
      label.classList.toggle("must", required);
      input.toggleAttribute("required", required);
    },
  };
}

function control(schema, id, draft) {
  const options = choices(schema);
  if (options) {
    return h("select", { id }, h("option", { value: "" }, "请选择"), options.map(([value, label]) => h("option", { value, selected: value === draft }, label)));
  }
  if (schema.type === "boolean") {
    const box = h("input", { id, type: "checkbox" });
    box.checked = Boolean(draft ?? schema.default);
    return box;
  }
  const phone = schema.pattern === PHONE;
  const mode = isNumber(schema) ? "decimal" : phone ? "tel" : null;
  return h("input", {
    id, type: KINDS[schema.format] ?? (phone ? "tel" : "text"), inputmode: mode, maxlength: schema.maxLength, autocomplete: "off",
    autocapitalize: schema.format === ID_NUMBER ? "characters" : null, value: draft ?? schema.default ?? "",
  });
}
