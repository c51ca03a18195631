/** Start the mini-program in this browser window. */

require("host/elements");
const pages = require("host/pages");

window.wx = { ...require("host/wx"), ...pages.navigation };
window.getCurrentPages = pages.currentPages;
window.App = (app) => { window.app = app; };
window.getApp = () => window.app;
pages.install();
window.load("app");
window.app.onLaunch({});
pages.open(new URLSearchParams(location.search).get("page") || "pages/home/home");
