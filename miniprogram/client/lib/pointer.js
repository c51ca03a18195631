/** JSON pointers into a form's value: "/guardians/0/name". Values are never changed in place. */

const steps = (pointer) => (pointer === "" ? [] : pointer.slice(1).split("/").map((step) => step.replace(/~1/g, "/").replace(/~0/g, "~")));

const join = (pointer, step) => `${pointer}/${String(step).replace(/~/g, "~0").replace(/\//g, "~1")}`;

/** What lies at a pointer, undefined where nothing does. */
const get = (value, pointer) => steps(pointer).reduce((part, step) => (part === undefined || part === null ? undefined : part[step]), value);

/** A copy with another value at the pointer; undefined takes the place away. */
function set(value, pointer, given) {
  return place(value, steps(pointer), given);
}

function place(value, [step, ...rest], given) {
  if (step === undefined) return given;
  if (Array.isArray(value)) return value.map((item, index) => (String(index) === step ? place(item, rest, given) : item));
  const { [step]: old, ...others } = value || {};
  const next = place(old, rest, given);
  return next === undefined ? others : { ...others, [step]: next };
}

module.exports = { join, get, set };
