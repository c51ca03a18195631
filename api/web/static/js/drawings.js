/** The two drawings of the camera screen: the oval to fit the face into, and a figure in a viewfinder. Decoration both. */

const SVG = "http://www.w3.org/2000/svg";
const HEAD = "M150 62c-52 0-80 40-80 96 0 62 38 112 80 112s80-50 80-112c0-56-28-96-80-96z";

export function oval() {
  const svg = shape("svg", { class: "guide", viewBox: "0 0 300 400", preserveAspectRatio: "xMidYMid meet", "aria-hidden": "true" });
  svg.append(
    shape("path", { "fill-rule": "evenodd", fill: "#000", opacity: ".42", d: `M-300-200h900v800h-900z ${HEAD}` }),
    shape("path", { class: "rim", fill: "none", stroke: "#fff", "stroke-width": "2.5", "stroke-dasharray": "7 6", d: `${HEAD} M28 400c4-66 46-98 86-108M272 400c-4-66-46-98-86-108` }));
  return svg;
}

export function figure() {
  const svg = shape("svg", { class: "figure", viewBox: "0 0 132 132", fill: "none", stroke: "currentColor", "stroke-width": "3", "stroke-linecap": "round", "aria-hidden": "true" });
  svg.append(
    shape("path", { d: "M6 30V14a8 8 0 0 1 8-8h16M102 6h16a8 8 0 0 1 8 8v16M126 102v16a8 8 0 0 1-8 8h-16M30 126H14a8 8 0 0 1-8-8v-16" }),
    shape("path", { d: "M66 24c-17 0-26 12-26 29 0 20 13 36 26 36s26-16 26-36c0-17-9-29-26-29zM24 126c2-20 15-29 30-33M108 126c-2-20-15-29-30-33" }));
  return svg;
}

function shape(tag, props) {
  const node = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(props)) node.setAttribute(key, value);
  return node;
}
