/** A place down to the county: three choices that depend on one another, from the server's table (GB/T 2260).

Where the table has no parts (abroad, Hong Kong …) the lower two are typed. A county that stands directly under its
province is chosen in the second place and fills the third. */

import { call } from "./api.js";
import { h } from "./dom.js";
import { mark, nextId } from "./field.js";

const NAMES = { province: "省（自治区、直辖市）", city: "市（州）或区县", county: "区县" };
const asked = new Map();

/** The places within one, asked for once; nothing where the table has none. */
function within(code) {
  if (!asked.has(code)) {
    const answer = call("GET", code ? `/v1/regions/${code}` : "/v1/regions").then(({ regions }) => regions).catch((problem) => {
      asked.delete(code);
      if (problem.code === "not_found") return [];
      throw problem;
    });
    asked.set(code, answer);
  }
  return asked.get(code);
}

export function region(schema, pointer, draft, { onchange }) {
  let must = false;
  const value = { ...draft };
  const id = nextId();
  const error = h("p", { class: "error", id: `${id}-error`, hidden: true });
  const legend = h("legend", { class: "legend" }, schema.title);
  const holder = h("div", { class: "group" });
  const rows = {};
  const set = (patch) => { Object.assign(value, patch); mark(rows.province, error, ""); onchange(); };

  const choose = (level, places, picked, then) => {
    const known = places.some(({ name }) => name === picked);
    const extra = picked && !known ? [h("option", { value: picked, selected: true }, picked)] : [];
    const select = h("select", { id: `${id}-${level}`, "aria-describedby": `${id}-error`, required: must },
      h("option", { value: "" }, "请选择"), extra, places.map(({ name }) => h("option", { value: name, selected: name === picked }, name)));
    select.addEventListener("input", () => then(places.find(({ name }) => name === select.value)));
    return put(level, select);
  };
  const write = (level) => put(level, h("input", { id: `${id}-${level}`, maxlength: 30, autocomplete: "off", value: value[level] ?? "", oninput: ({ target }) => set({ [level]: target.value.trim() || undefined }) }));
  const put = (level, input) => {
    rows[level] = input;
    holder.append(h("div", { class: "field" }, h("label", { for: `${id}-${level}` }, NAMES[level]), input));
  };
  const cut = (count) => [...holder.children].slice(count).forEach((node) => node.remove());

  const provinces = async () => {
    const places = await within("");
    cut(0);
    choose("province", places, value.province, (place) => { set({ province: place?.name, city: undefined, county: undefined }); cut(1); return place && cities(place); });
    const place = places.find(({ name }) => name === value.province);
    if (place) await cities(place);
  };
  const cities = async ({ code, name: province }) => {
    if (!code) { write("city"); write("county"); return; }
    const places = await within(code);
    if (value.province !== province) return;
    const direct = places.find(({ name, code: own }) => !own.endsWith("00") && name === value.county);
    cut(1);
    choose("city", places, direct ? direct.name : value.city, (place) => pick(place, province));
    const place = places.find(({ name }) => name === value.city);
    if (place?.code.endsWith("00")) await counties(place);
  };
  const pick = (place, province) => {
    cut(2);
    const direct = place && !place.code.endsWith("00");
    if (direct) return set({ city: province.endsWith("市") ? province : place.name, county: place.name });
    set({ city: place?.name, county: undefined });
    return place && counties(place);
  };
  const counties = async ({ code, name: city }) => {
    const places = await within(code);
    if (value.city !== city) return;
    cut(2);
    if (places.length) choose("county", places, value.county, (place) => set({ county: place?.name }));
    else set({ county: city });
  };

  put("province", h("select", { id: `${id}-province`, disabled: true }, h("option", {}, "正在载入…")));
  provinces().catch((problem) => mark(rows.province, error, `${problem.message}`));
  const complete = () => value.province && value.city && value.county;
  const given = () => Object.values(value).some(Boolean);
  const place = (detail) => { mark(rows[["province", "city", "county"].find((level) => !value[level])] ?? rows.province, error, detail); return true; };
  return {
    node: h("fieldset", { class: "group" }, legend, holder, error),
    value: () => (given() ? Object.fromEntries(Object.entries(value).filter(([, one]) => one)) : undefined),
    faults: () => (complete() || (!must && !given()) ? [] : [{ pointer, detail: given() ? "请选到区县" : "此项必填" }]),
    clear: () => Object.values(rows).forEach((input) => mark(input, error, "")),
    place: (fault) => (fault.pointer === pointer || fault.pointer.startsWith(`${pointer}/`) ? place(fault.detail) : false),
    adapt: (_, required) => { must = required; legend.classList.toggle("must", required); },
  };
}
