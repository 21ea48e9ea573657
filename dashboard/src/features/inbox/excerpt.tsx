import type { ReactNode } from "react";

const AROUND = 60;

const fold = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** The part of a text where the search hit, marked; accents do not matter, as on the server. */
export function Excerpt({ text, q }: { text: string; q: string }): ReactNode {
  const word = fold(q);
  const folded = [...text].map(fold);
  const start = word ? locate(folded, word) : -1;
  if (start < 0) return text.slice(0, 200);
  const letters = [...text];
  const end = reach(folded, start, word.length);
  const from = Math.max(0, start - AROUND);
  return (
    <>
      {from > 0 && "…"}
      {letters.slice(from, start).join("")}
      <mark className="rounded-sm bg-warn-soft text-warn-ink">{letters.slice(start, end).join("")}</mark>
      {letters.slice(end, end + 140).join("")}
    </>
  );
}

/** Index of the letter at which the folded text begins to match. */
function locate(folded: string[], word: string): number {
  const at = folded.join("").indexOf(word);
  if (at < 0) return -1;
  let seen = 0;
  return folded.findIndex((letter) => {
    seen += letter.length;
    return seen > at;
  });
}

function reach(folded: string[], start: number, length: number): number {
  let end = start;
  for (let seen = 0; seen < length && end < folded.length; end += 1) seen += folded[end]?.length ?? 0;
  return end;
}
