// The theme as chosen; public/theme.js applies it before the first paint.
export type Theme = "system" | "light" | "dark";
export const THEMES: Theme[] = ["system", "light", "dark"];

const STORED = "helpdesk.theme";
const darkSystem = () => matchMedia("(prefers-color-scheme: dark)");

export function storedTheme(): Theme {
  const stored = localStorage.getItem(STORED) as Theme | null;
  return stored && THEMES.includes(stored) ? stored : "system";
}

export function applyTheme(theme: Theme = storedTheme()): void {
  const dark = theme === "dark" || (theme === "system" && darkSystem().matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}

export function chooseTheme(theme: Theme): void {
  localStorage.setItem(STORED, theme);
  applyTheme(theme);
}

export function followSystemTheme(): void {
  darkSystem().addEventListener("change", () => applyTheme());
}
