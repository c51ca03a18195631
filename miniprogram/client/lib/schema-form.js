/** A campaign's form: its JSON Schema and the value so far become a flat list of rows, which WXML can draw.

Pure functions: `start` fills in what a list must have, `draw` gives the rows, `check` the faults by pointer. */

const pointers = require("./pointer");
const { isRegion, toPicker } = require("./region");
const { ID_NUMBER, PHONE, bounds, choices, effective, isNumber, oddValue } = require("./schema");

/** The value to begin with: the draft, with the entries that lists must have at least. */
function start(schema, draft) {
  return seeded(schema, draft, schema) || {};
}

function seeded(raw, value, root, required = true) {
  const schema = effective(raw, value, root);
  if (schema.type === "array") return seededList(schema, value, root, required);
  if (schema.type !== "object") return value === undefined ? schema.default : value;
  const names = Object.keys(schema.properties || {});
  const parts = names.map((name) => [name, seeded(schema.properties[name], (value || {})[name], root, (schema.required || []).includes(name))]);
  const kept = parts.filter(([, part]) => part !== undefined);
  return kept.length ? Object.fromEntries(kept) : value && {};
}

function seededList(schema, value, root, required) {
  const given = Array.isArray(value) ? value : [];
  const missing = Math.max(0, bounds(schema, required).least - given.length);
  const all = [...given, ...Array.from({ length: missing }, () => blank(schema))];
  return all.length ? all.map((item) => seeded(schema.items || {}, item, root)) : undefined;
}

/** A new entry of a list. */
const blank = (schema) => ((schema.items || {}).type === "object" || (schema.items || {}).$ref ? {} : "");

/** The rows to draw, in order. `errors` maps pointers to words. */
function draw(schema, value, errors = {}) {
  return rows(schema, value, { root: schema, errors, pointer: "", name: "", required: true, top: true });
}

function rows(raw, value, place) {
  const schema = effective(raw, value, place.root);
  if (isRegion(schema)) return [regionRow(schema, value, place)];
  if (schema.type === "object") return objectRows(schema, value, place);
  if (schema.type === "array") return listRows(schema, value, place);
  return [fieldRow(schema, value, place)];
}

function objectRows(schema, value, place) {
  const { top, pointer } = place;
  const head = !top && schema.title ? [{ kind: "heading", key: `${pointer}#`, pointer, title: schema.title, error: place.errors[pointer] || "" }] : [];
  const inner = Object.entries(schema.properties || {}).flatMap(([name, part]) =>
    rows(part, (value || {})[name], {
      ...place, top: false, name, pointer: pointers.join(pointer, name), required: (schema.required || []).includes(name),
    }));
  return [...head, ...inner];
}

function listRows(schema, value, place) {
  const items = Array.isArray(value) ? value : [];
  const title = schema.title || place.name;
  const { least, most } = bounds(schema, place.required);
  const entries = items.flatMap((item, index) => entryRows(schema, item, { ...place, pointer: pointers.join(place.pointer, index) }, { title, index, removable: items.length > least }));
  const end = { kind: "add", key: `${place.pointer}+`, pointer: place.pointer, title, full: items.length >= most, error: place.errors[place.pointer] || "" };
  return [...entries, end];
}

function entryRows(schema, item, place, { title, index, removable }) {
  const head = { kind: "entry", key: `${place.pointer}#`, pointer: place.pointer, title: `${title} ${index + 1}`, removable };
  return [head, ...rows(schema.items || {}, item, { ...place, top: true, name: title, required: true })];
}

function common(schema, { pointer, name, required, errors }) {
  return { key: pointer, pointer, title: schema.title || name, required, hint: schema.description || "", error: errors[pointer] || "" };
}

function regionRow(schema, value, place) {
  const parts = ["", "/province", "/city", "/county"].map((part) => place.errors[place.pointer + part]);
  const picked = toPicker(value);
  return { ...common(schema, place), kind: "region", value: picked, shown: picked.join(" "), error: parts.find(Boolean) || "" };
}

function fieldRow(schema, value, place) {
  const base = common(schema, place);
  const options = choices(schema);
  if (options) return choiceRow(base, options, value);
  if (schema.type === "boolean") return { ...base, kind: "switch", value: Boolean(value) };
  if (schema.format === "date") return { ...base, kind: "date", value: value || "", shown: value || "" };
  return { ...base, kind: "text", value: value === undefined ? "" : String(value), input: keyboard(schema), longest: schema.maxLength || 140, own: schema.pattern === PHONE && !/\/\d+\//.test(place.pointer) };
}

function choiceRow(base, options, value) {
  const index = options.findIndex((one) => one.value === value);
  return { ...base, kind: "choice", labels: options.map(({ label }) => label), index, shown: index < 0 ? "" : options[index].label };
}

/** WeChat's keyboard for a field. */
function keyboard(schema) {
  if (isNumber(schema)) return schema.type === "integer" ? "number" : "digit";
  if (schema.format === ID_NUMBER) return "idcard";
  return schema.pattern === PHONE ? "number" : "text";
}

/** The schema that governs the value at a pointer, conditions decided. */
function schemaAt(schema, value, pointer) {
  return pointer.split("/").slice(1).reduce(({ part, here }, step) => {
    const whole = effective(part, here, schema);
    const next = whole.type === "array" ? whole.items || {} : (whole.properties || {})[step] || {};
    const inner = here === undefined || here === null ? undefined : here[step];
    return { part: effective(next, inner, schema), here: inner };
  }, { part: schema, here: value }).part;
}

/** Every fault the phone can see, as `{pointer: words}`. */
function check(schema, value) {
  return faults(schema, value, { root: schema, pointer: "", required: true });
}

function faults(raw, value, place) {
  const schema = effective(raw, value, place.root);
  if (schema.type === "object") return objectFaults(schema, value, place);
  if (schema.type === "array") return listFaults(schema, value, place);
  const words = oddValue(schema, value, place.required);
  return words ? { [place.pointer]: words } : {};
}

function objectFaults(schema, value, { root, pointer, required }) {
  const empty = value === undefined || Object.keys(value).length === 0;
  if (empty && !required) return {};
  return Object.assign({}, ...Object.entries(schema.properties || {}).map(([name, part]) =>
    faults(part, (value || {})[name], { root, pointer: pointers.join(pointer, name), required: (schema.required || []).includes(name) })));
}

function listFaults(schema, value, { root, pointer, required }) {
  const items = Array.isArray(value) ? value : [];
  const { least } = bounds(schema, required);
  const own = items.length < least ? { [pointer]: `至少填 ${least} 项` } : {};
  return Object.assign(own, ...items.map((item, index) => faults(schema.items || {}, item, { root, pointer: pointers.join(pointer, index), required: true })));
}

module.exports = { start, draw, check, schemaAt, blank };
