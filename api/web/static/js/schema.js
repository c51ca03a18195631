/** What a part of a JSON Schema asks of a value: references followed, conditions decided, one value checked. */

import { normal, oddity } from "./idnumber.js";

export const ID_NUMBER = "cn-id-number";
export const PHONE = "^1[3-9][0-9]{9}$";
const PATTERNS = { [PHONE]: "请填写 11 位手机号。", "^[0-9]{6}$": "请填写 6 位数字。", "^[1-9][0-9]{4,11}$": "请填写数字号码。" };

/** Follow `$ref` within the form, and add what `if`/`then`/`else` and `allOf` ask for with the present value. */
export function effective(schema, value, root) {
  const own = schema.$ref ? merge(at(root, schema.$ref), { ...schema, $ref: undefined }) : schema;
  const branch = own.if && (holds(own.if, value) ? own.then : own.else);
  const whole = [branch, ...(own.allOf ?? [])].filter(Boolean).reduce((sum, extra) => merge(sum, effective(extra, value, root)), own);
  return own.title ? { ...whole, title: own.title } : whole;
}

/** The same with every field that any branch may ask for, each as it stands before anything is chosen. */
export function widest(schema, root) {
  const own = schema.$ref ? merge(at(root, schema.$ref), { ...schema, $ref: undefined }) : schema;
  const extras = [own.then, own.else, ...(own.allOf ?? [])].filter(Boolean);
  const more = Object.assign({}, ...extras.map((extra) => widest(extra, root).properties));
  return own.properties ? { ...own, properties: { ...own.properties, ...Object.fromEntries(Object.entries(more).filter(([name]) => !(name in own.properties))) } } : own;
}

const at = (root, reference) => reference.replace(/^#\/?/, "").split("/").filter(Boolean).reduce((part, step) => part[step], root);

function merge(a, b) {
  const names = Object.keys({ ...a.properties, ...b.properties });
  const properties = names.length && { properties: Object.fromEntries(names.map((name) => [name, { ...a.properties?.[name], ...b.properties?.[name] }])) };
  const required = [...new Set([...(a.required ?? []), ...(b.required ?? [])])];
  return { ...a, ...b, ...properties, ...(required.length ? { required } : {}) };
}

/** Whether an `if` holds: constants and choices of named fields, and that they are there. */
function holds(condition, given = {}) {
  if (!(condition.required ?? []).every((name) => given[name] !== undefined)) return false;
  return Object.entries(condition.properties ?? {}).every(([name, one]) => {
    if (given[name] === undefined) return true;
    return "const" in one ? given[name] === one.const : !one.enum || one.enum.includes(given[name]);
  });
}

/** The choices of a field as `[value, label]`, or null where anything may be typed. */
export function choices(schema) {
  if (schema.enum) return schema.enum.map((value) => [value, String(value)]);
  return schema.oneOf?.every((one) => "const" in one) ? schema.oneOf.map((one) => [one.const, one.title ?? String(one.const)]) : null;
}

export const isNumber = ({ type }) => type === "integer" || type === "number";

/** Province, city and county that belong to each other. */
export function isRegion(schema) {
  const names = ["province", "city", "county"];
  return schema["x-region"] || (schema.type === "object" && Object.keys(schema.properties ?? {}).length === 3 && names.every((name) => schema.properties[name]?.type === "string"));
}

/** What was typed, as the schema's type; undefined where nothing was. */
export function typed(schema, text) {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  const choice = choices(schema)?.find(([one]) => String(one) === trimmed);
  if (choice) return choice[0];
  if (schema.format === ID_NUMBER) return normal(trimmed);
  return isNumber(schema) && !Number.isNaN(Number(trimmed)) ? Number(trimmed) : trimmed;
}

/** What can be seen to be wrong without the server, which has the last word; an empty string when nothing is. */
export function wrong(schema, given, required) {
  if (given === undefined) return required ? "此项必填" : "";
  if (isNumber(schema)) return oddNumber(schema, given);
  if (typeof given !== "string") return "";
  if (schema.minLength > given.length) return `至少填 ${schema.minLength} 个字`;
  if (schema.maxLength < given.length) return `最多填 ${schema.maxLength} 个字`;
  if (schema.format === ID_NUMBER) return oddity(given);
  return schema.pattern && !new RegExp(schema.pattern, "u").test(given) ? PATTERNS[schema.pattern] ?? "格式不对，请核对" : "";
}

function oddNumber(schema, given) {
  if (typeof given !== "number") return "请填写数字";
  if (schema.type === "integer" && !Number.isInteger(given)) return "请填写整数";
  if (given < schema.minimum) return `不能小于 ${schema.minimum}`;
  return given > schema.maximum ? `不能大于 ${schema.maximum}` : "";
}
