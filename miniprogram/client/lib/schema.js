/** What a part of a JSON Schema asks of a value: references followed, conditions decided, one value checked. */

const { normal, oddity } = require("./id-number");

const ID_NUMBER = "cn-id-number";
const PHONE = "^1[3-9][0-9]{9}$";
const PATTERN_WORDS = { [PHONE]: "请填写 11 位手机号", "^[0-9]{6}$": "请填写 6 位数字", "^[1-9][0-9]{4,11}$": "请填写数字号码" };

/** Follow `$ref` within the form, and add what `if`/`then`/`else` and `allOf` ask for with the present value. */
function effective(schema, value, root) {
  const own = schema.$ref ? merge(at(root, schema.$ref), { ...schema, $ref: undefined }) : schema;
  const branch = own.if && (holds(own.if, value) ? own.then : own.else);
  const extras = [branch, ...(own.allOf || [])].filter(Boolean);
  const whole = extras.reduce((sum, extra) => merge(sum, effective(extra, value, root)), own);
  return own.title ? { ...whole, title: own.title } : whole;
}

function at(root, reference) {
  return reference.replace(/^#\/?/, "").split("/").filter(Boolean).reduce((part, step) => part[step], root);
}

function merge(a, b) {
  const names = Object.keys({ ...a.properties, ...b.properties });
  const both = (name) => ({ ...(a.properties || {})[name], ...(b.properties || {})[name] });
  const properties = names.length ? { properties: Object.fromEntries(names.map((name) => [name, both(name)])) } : {};
  const required = [...new Set([...(a.required || []), ...(b.required || [])])];
  return { ...a, ...b, ...properties, ...(required.length ? { required } : {}) };
}

/** Whether an `if` holds: constants and choices of named fields, and that they are there. */
function holds(condition, value) {
  const given = value || {};
  if (!(condition.required || []).every((name) => given[name] !== undefined)) return false;
  return Object.entries(condition.properties || {}).every(([name, one]) => {
    if (given[name] === undefined) return true;
    if ("const" in one) return given[name] === one.const;
    return !one.enum || one.enum.includes(given[name]);
  });
}

/** The choices of a field as `[{value, label}]`, or null where anything may be typed. */
function choices(schema) {
  if (schema.enum) return schema.enum.map((value) => ({ value, label: String(value) }));
  if (schema.oneOf && schema.oneOf.every((one) => "const" in one)) return schema.oneOf.map((one) => ({ value: one.const, label: one.title || String(one.const) }));
  return null;
}

const isNumber = (schema) => schema.type === "integer" || schema.type === "number";

/** What a student typed, as the schema's type; undefined where nothing was. */
function typed(schema, text) {
  const trimmed = String(text).trim();
  if (trimmed === "") return undefined;
  if (schema.format === ID_NUMBER) return normal(trimmed);
  return isNumber(schema) && !Number.isNaN(Number(trimmed)) ? Number(trimmed) : trimmed;
}

/** What is wrong with one value, as far as the phone can tell; an empty string when nothing is. */
function oddValue(schema, value, required) {
  if (value === undefined || value === "") return required ? "此项必填" : "";
  if (isNumber(schema)) return oddNumber(schema, value);
  if (typeof value !== "string") return "";
  if (schema.minLength > value.length) return schema.minLength === 1 ? "此项必填" : `至少填 ${schema.minLength} 个字`;
  if (schema.maxLength < value.length) return `最多填 ${schema.maxLength} 个字`;
  if (schema.format === ID_NUMBER) return oddity(value);
  if (schema.pattern && !new RegExp(schema.pattern, "u").test(value)) return PATTERN_WORDS[schema.pattern] || "格式不对，请核对";
  return "";
}

function oddNumber(schema, value) {
  if (typeof value !== "number") return "请填写数字";
  if (schema.type === "integer" && !Number.isInteger(value)) return "请填写整数";
  if (value < schema.minimum) return `不能小于 ${schema.minimum}`;
  return value > schema.maximum ? `不能大于 ${schema.maximum}` : "";
}

/** How many entries a list must and may have. */
const bounds = (schema, required) => ({ least: Math.max(schema.minItems || 0, required ? 1 : 0), most: schema.maxItems || 20 });

module.exports = { ID_NUMBER, PHONE, effective, choices, isNumber, typed, oddValue, bounds };
