/** The preview of a form answers as the students' form does: what is asked depends on what was chosen beside it.

The rules are the students' own (`js/schema.js`); only what is drawn is the console's. */

import { effective, typed, widest } from "../js/schema.js";

const form = document.querySelector("[data-form-schema]");
const root = form ? JSON.parse(form.dataset.formSchema) : {};

/** The fields that stand directly in a group, by name. */
const parts = (group) => [...group.querySelectorAll("[data-field]")].filter((one) => one.parentElement.closest("[data-field], [data-form-schema]") === group);

/** What was filled in so far, as the schema's types; hidden fields have no answer. */
function given(group, schema) {
  const { properties = {} } = widest(schema, root);
  const shown = parts(group).filter((one) => !one.hidden && properties[one.dataset.field]);
  return Object.fromEntries(shown.map((one) => [one.dataset.field, answer(one, widest(properties[one.dataset.field], root))]));
}

function answer(part, schema) {
  if (schema.type === "object") return given(part, schema);
  if (schema.type === "array") return undefined;
  const control = part.querySelector("input, select");
  return control.type === "checkbox" ? control.checked : typed(schema, control.value);
}

/** Show what is asked now, and what of it must be answered. */
function adapt(group, schema) {
  const { properties = {}, required = [] } = effective(schema, given(group, schema), root);
  for (const part of parts(group)) {
    const inner = properties[part.dataset.field];
    part.hidden = !inner;
    part.querySelector("[data-star]").hidden = !required.includes(part.dataset.field);
    if (inner) within(part, widest(inner, root), inner);
  }
}

function within(part, { type, items }, inner) {
  if (type === "object") adapt(part, inner);
  if (type === "array" && items) adapt(part, items);
}

if (form) {
  document.querySelectorAll("[data-depends]").forEach((note) => note.remove());
  form.addEventListener("input", () => adapt(form, root));
  adapt(form, root);
}
