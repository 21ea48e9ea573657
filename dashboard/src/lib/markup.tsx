// WhatsApp's text marks as React nodes, never as HTML: what a client writes is inert whatever it contains.
import type { ReactNode } from "react";

const LINK = /\bhttps?:\/\/[^\s<>"]+[^\s<>"'.,;:!?)\]}]/;
const MARKS = [
  {
    pattern: /```([^`]+)```/,
    render: (inner: ReactNode, key: number) => (
      <code key={key} className="rounded bg-sunken px-1 font-mono text-[0.8125rem]">
        {inner}
      </code>
    ),
    raw: true,
  },
  {
    pattern: /(?<![\p{L}\p{N}*])\*(\S|\S[^*\n]*\S)\*(?![\p{L}\p{N}*])/u,
    render: (inner: ReactNode, key: number) => <strong key={key}>{inner}</strong>,
    raw: false,
  },
  {
    pattern: /(?<![\p{L}\p{N}_])_(\S|\S[^_\n]*\S)_(?![\p{L}\p{N}_])/u,
    render: (inner: ReactNode, key: number) => <em key={key}>{inner}</em>,
    raw: false,
  },
  {
    pattern: /(?<![\p{L}\p{N}~])~(\S|\S[^~\n]*\S)~(?![\p{L}\p{N}~])/u,
    render: (inner: ReactNode, key: number) => <s key={key}>{inner}</s>,
    raw: false,
  },
];

interface Hit {
  start: number;
  end: number;
  node: (key: number) => ReactNode;
}

function first(text: string): Hit | null {
  let best: Hit | null = null;
  const link = LINK.exec(text);
  if (link) {
    const href = link[0];
    best = {
      start: link.index,
      end: link.index + href.length,
      node: (key) => (
        <a
          key={key}
          href={href}
          target="_blank"
          rel="noreferrer noopener"
          className="underline underline-offset-2"
        >
          {href}
        </a>
      ),
    };
  }
  for (const { pattern, render, raw } of MARKS) {
    const match = pattern.exec(text);
    if (!match || (best && best.start <= match.index)) continue;
    const inner = match[1] as string;
    best = {
      start: match.index,
      end: match.index + match[0].length,
      node: (key) => render(raw ? inner : marked(inner), key),
    };
  }
  return best;
}

export function marked(text: string): ReactNode[] {
  const nodes: ReactNode[] = [];
  let rest = text;
  for (let key = 0; rest; key += 1) {
    const hit = first(rest);
    if (!hit) {
      nodes.push(rest);
      break;
    }
    if (hit.start > 0) nodes.push(rest.slice(0, hit.start));
    nodes.push(hit.node(key));
    rest = rest.slice(hit.end);
  }
  return nodes;
}
