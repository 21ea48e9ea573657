// The public feedback page: two taps, no framework. GET changes nothing; only the press of the button does.
import "./feedback.css";
import { textsFor } from "./texts";

const root = document.getElementById("root") as HTMLElement;
const token = location.pathname.split("/").filter(Boolean).at(-1) ?? "";
const address = `/v1/feedback/${encodeURIComponent(token)}`;
const { code, texts } = textsFor(navigator.languages);
const STAR = "M12 2.6l2.9 5.9 6.5.9-4.7 4.6 1.1 6.5-5.8-3.1-5.8 3.1 1.1-6.5L2.6 9.4l6.5-.9z";
const SVG = "http://www.w3.org/2000/svg";

document.documentElement.lang = code;
document.title = texts.title;

function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Partial<HTMLElementTagNameMap[Tag]> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function star(): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", STAR);
  svg.append(path);
  return svg;
}

type Ending = "thanks" | "used" | "expired" | "unknown";
type Trouble = "offline" | "failed";

function say(what: Ending | Trouble, again?: () => void): void {
  const heading = make("h1", { textContent: texts[what], tabIndex: -1 });
  root.dataset.state = what;
  root.replaceChildren(heading, make("p", { textContent: texts[`${what}_about`] }));
  if (again) root.append(make("button", { type: "button", textContent: texts.again, onclick: again }));
  heading.focus();
}

async function ask(init?: RequestInit): Promise<{ status: number; code: string }> {
  const response = await fetch(address, { cache: "no-store", ...init });
  const body = (await response.json().catch(() => ({}))) as { code?: string };
  return { status: response.status, code: body.code ?? "" };
}

/** What the answer means for good; null when it is worth asking again. */
function ending({ status, code: reason }: { status: number; code: string }): Ending | null {
  if (status === 409) return "used";
  if (status === 404) return reason === "feedback_expired" ? "expired" : "unknown";
  return null;
}

async function load(): Promise<void> {
  try {
    const answer = await ask();
    const end = ending(answer);
    if (answer.status === 200) form();
    else if (end) say(end);
    else say("failed", load);
  } catch {
    say("offline", load);
  }
}

function form(): void {
  let score = 0;
  const word = make("p", { className: "word", textContent: "" });
  word.setAttribute("aria-live", "polite");
  const error = make("p", { className: "error" });
  error.setAttribute("role", "alert");
  const button = make("button", { type: "submit", textContent: texts.send, disabled: true });
  const comment = make("textarea", { rows: 3, maxLength: 1000 });
  const labels = texts.stars.map((name, index) => {
    const input = make("input", {
      type: "radio",
      name: "score",
      value: String(index + 1),
      className: "hidden",
    });
    input.setAttribute("aria-label", `${index + 1}: ${name}`);
    input.onchange = () => {
      score = index + 1;
      word.textContent = name;
      button.disabled = false;
      labels.forEach((label, at) => {
        label.classList.toggle("lit", at < score);
      });
    };
    return make("label", { className: "star", title: name }, input, star());
  });
  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    button.disabled = true;
    button.textContent = texts.sending;
    error.textContent = "";
    const text = comment.value.trim();
    try {
      const answer = await ask({
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Helpdesk": "1" },
        body: JSON.stringify(text ? { score, comment: text } : { score }),
      });
      const end = answer.status === 200 ? "thanks" : ending(answer);
      if (end) return say(end);
      error.textContent = texts.failed_about;
    } catch {
      // What was chosen and written stays on the page.
      error.textContent = `${texts.offline}. ${texts.offline_about}`;
    }
    button.disabled = false;
    button.textContent = texts.again;
  };
  root.dataset.state = "open";
  root.replaceChildren(
    make("h1", { textContent: texts.title }),
    make("p", { textContent: texts.about }),
    make(
      "form",
      { onsubmit: send },
      make("fieldset", {}, make("legend", { textContent: texts.title }), ...labels),
      word,
      make("label", { className: "comment" }, texts.comment, comment),
      error,
      button,
    ),
  );
}

void load();
