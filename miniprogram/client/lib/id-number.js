/** The check character of a resident ID number (GB 11643-1999): a hint while typing, the server decides. */

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS = "10X98765432";

/** Letters large, blanks out, full-width digits (１２３) as others: what phones and input methods make of a number. */
const normal = (text) => String(text).normalize("NFKC").replace(/[\s\u00a0]/g, "").toUpperCase();

/** Say what is odd about a number, or an empty string when nothing is. */
function oddity(text) {
  const number = normal(text);
  if (!/^\d{17}[\dX]$/.test(number)) return "身份证号应为 18 位，最后一位可以是 X。";
  if (!isDate(number.slice(6, 10), number.slice(10, 12), number.slice(12, 14))) return "第 7–14 位不是有效的出生日期，请核对。";
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(number[index]), 0);
  return CHECKS[sum % 11] === number[17] ? "" : "最后一位校验码不对，请逐位核对。";
}

function isDate(year, month, day) {
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
}

module.exports = { normal, oddity };
