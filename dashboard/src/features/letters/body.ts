// What a message says, as somebody can read it who wants to know why nobody could handle it.
import type { LetterWithBody } from "@/lib/api/types";

/** More than this helps no reader, and would make the page slow. */
const SHOWN = 64 * 1024;
const PER_LINE = 16;
const LINES = 256;

export interface Readable {
  text: string;
  cut: boolean;
}

export function readable({ body, encoding }: Pick<LetterWithBody, "body" | "encoding">): Readable {
  if (encoding === "base64") return bytes(atob(body));
  const text = pretty(body);
  return { text: text.slice(0, SHOWN), cut: text.length > SHOWN };
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

/** Place, bytes and what of them are letters: as `hexdump -C` writes them. */
function bytes(raw: string): Readable {
  const lines: string[] = [];
  for (let at = 0; at < raw.length && lines.length < LINES; at += PER_LINE) {
    const part = raw.slice(at, at + PER_LINE);
    const codes = [...part].map((one) => one.charCodeAt(0).toString(16).padStart(2, "0"));
    const place = at.toString(16).padStart(8, "0");
    const letters = part.replace(/[^ -~]/g, ".");
    lines.push(`${place}  ${codes.join(" ").padEnd(PER_LINE * 3 - 1)}  ${letters}`);
  }
  return { text: lines.join("\n"), cut: raw.length > LINES * PER_LINE };
}
