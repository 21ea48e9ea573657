// Loaded before the first paint: sets theme and language without a flash (an inline script would break the CSP).
(() => {
  const root = document.documentElement;
  let theme = "system";
  let language = "";
  try {
    theme = localStorage.getItem("helpdesk.theme") || "system";
    language = localStorage.getItem("helpdesk.language") || "";
  } catch {
    // Storage may be forbidden; the system's theme does.
  }
  const dark = theme === "dark" || (theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.dataset.theme = dark ? "dark" : "light";
  if (language) root.lang = language;
})();
